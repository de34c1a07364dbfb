import { createInterface } from "node:readline";

// A client that logs to standard output must not garble the answers.
console.log = console.info = console.debug = console.warn = console.error;

const describe = (error) => ({
  kind: error.constructor.name,
  message: [error.message, error.cause?.message].filter(Boolean).join(": "),
  status: error.status,
  code: error.code,
  body: error.response?.data,
});

/** Reads one call a line, {"name", "arguments"}, and writes its outcome as one line, {"value"} or {"error"}. */
export async function answerCalls(client) {
  for await (const line of createInterface({ input: process.stdin })) {
    const call = JSON.parse(line);
    let outcome;
    try {
      outcome = { value: (await client[call.name](...call.arguments)) ?? null };
    } catch (error) {
      outcome = { error: describe(error) };
    }
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
}
