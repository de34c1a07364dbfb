// The vendor's own SDK. It reads the service's address from SPECTRUM_CLOUD_URL when it is imported.
import { cloud, Spectrum } from "@spectrum-ts/core";

import { answerCalls } from "./calls.mjs";

await answerCalls({
  ...cloud,
  start: async (projectId, projectSecret) => {
    const app = await Spectrum({ projectId, projectSecret, providers: [] });
    await app.stop();
    return app.config;
  },
});
