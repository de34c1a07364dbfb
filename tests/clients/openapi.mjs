// A client for any API that an OpenAPI document describes. It fetches the document from the emulator, as one does
// from the service.
import { OpenAPIClientAxios } from "openapi-client-axios";

import { answerCalls } from "./calls.mjs";

const { SPECTRUM_CLOUD_URL, SPECTRUM_PROJECT_ID, SPECTRUM_PROJECT_SECRET } = process.env;

const client = await new OpenAPIClientAxios({
  definition: `${SPECTRUM_CLOUD_URL}/openapi/json`,
  withServer: { url: SPECTRUM_CLOUD_URL },
  axiosConfigDefaults: { auth: { username: SPECTRUM_PROJECT_ID, password: SPECTRUM_PROJECT_SECRET } },
}).init();

const operation = (name) => async (parameters, body) => {
  const { data } = await client[name]({ projectId: SPECTRUM_PROJECT_ID, ...parameters }, body);
  return data;
};

await answerCalls(new Proxy({}, { get: (_, name) => operation(name) }));
