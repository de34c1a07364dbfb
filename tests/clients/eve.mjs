// Vercel's agent framework, which sets up a Spectrum project for an agent. That module is not among its exports, takes
// its fetch as an argument, in which the service's address is exchanged, and needs none of the framework's dependencies:
// the overrides in package.json put a small package in place of each.
import { answerCalls } from "./calls.mjs";

const module = new URL("node_modules/eve/dist/src/setup/integrations/photon/management.js", import.meta.url);
const { findDedicatedPhotonLine, usePhotonProject } = await import(module);

const deps = {
  fetch: (url, options) => fetch(url.replace("https://spectrum.photon.codes", process.env.SPECTRUM_CLOUD_URL), options),
};

await answerCalls({
  findDedicatedPhotonLine: (options) => findDedicatedPhotonLine({ ...options, deps }),
  usePhotonProject: (options) => usePhotonProject({ ...options, deps }),
});
