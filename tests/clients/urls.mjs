// The URL parser that the service runs on.
import { answerCalls } from "./calls.mjs";

const parse = (url) => {
  try {
    return new URL(url).href;
  } catch {
    return null;
  }
};

await answerCalls({ parseAll: (urls) => urls.map(parse) });
