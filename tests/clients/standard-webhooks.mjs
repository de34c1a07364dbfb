// What receivers of Standard Webhooks check signatures with.
import { Webhook } from "standardwebhooks";

import { answerCalls } from "./calls.mjs";

await answerCalls({
  sign: (secret, id, body) => new Webhook(secret).sign(id, new Date(), body),
});
