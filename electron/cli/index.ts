#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { workloads } from "../../native-bench/workloads/registry.ts";
import { createInThreadImports } from "../engine/imports/in-thread-imports.ts";
import { createWorkerImports } from "../engine/imports/worker-imports.ts";
import { createWorkerRuns } from "../engine/runs/worker-runs.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { runCli } from "./run-cli.ts";
import { createProcessTerminal } from "./terminal.ts";

const dist = join(__dirname, "..");
const workerPath = join(dist, "engine", "worker.cjs");
const workloadPath = join(dist, "engine", "workload.cjs");
const abort = new AbortController();
// The first signal (Ctrl+C, `timeout`, a closed terminal) ends the work in order; a second one ends the process as usual.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => abort.abort(new InterruptedError(signal)));

void runCli(process.argv.slice(2), {
  terminal: createProcessTerminal(process),
  signal: abort.signal,
  workingFolder: process.cwd(),
  version: readVersion(),
  distFolder: dist,
  createImports: () =>
    existsSync(workerPath) ? createWorkerImports({ workerPath, forWindow: false }) : createInThreadImports(),
  createRuns: () =>
    createWorkerRuns({ workerPath: workloadPath, catalog: workloads.map(({ facts }) => facts), yields: false }),
}).then((exitCode) => {
  process.exitCode = exitCode;
});

/** The manifest lies beside the build, in a checkout as in a package. */
function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(dist, "..", "package.json"), "utf8")) as { readonly version: string };
  return manifest.version;
}
