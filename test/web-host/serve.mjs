import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

/*
 * node test/web-host/serve.mjs [--port N] [FILE…]
 * Serves the built window (npm run build) to a browser on this machine, with the engine in this process.
 * FILEs are open at the start, and the open dialog hands them out one after another.
 */

const repository = fileURLToPath(new URL("../../", import.meta.url));
const words = process.argv.slice(2);
const portAt = words.indexOf("--port");
const port = portAt < 0 ? 0 : Number(words.splice(portAt, 2)[1]);
const files = words.map((word) => resolve(word));

const { module } = await runnerImport(join(repository, "test/web-host/start-web-host.ts"), {
  root: repository,
  configFile: false,
  logLevel: "warn",
});
const workerPath = join(repository, "dist/engine/worker.cjs");
const samplesDir = join(repository, "dist/samples");
const host = await module.startWebHost({
  rendererDir: join(repository, "dist/renderer"),
  ...(existsSync(workerPath) && { workerPath }),
  ...(existsSync(join(samplesDir, "samples.json")) && { samplesDir }),
  files,
  choices: files.map((file) => [file]),
  port,
});
console.log(host.url);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void host.close().then(() => process.exit(0)));
