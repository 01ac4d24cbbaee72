#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { workloads } from "../../native-bench/workloads/registry.ts";
import { createInThreadImports } from "../engine/imports/in-thread-imports.ts";
import { createWorkerImports } from "../engine/imports/worker-imports.ts";
import type { Runs } from "../engine/runs/run-job.ts";
import { createWorkerRuns } from "../engine/runs/worker-runs.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { runCli } from "./run-cli.ts";
import { createProcessTerminal } from "./terminal.ts";

const dist = join(__dirname, "..");
const workerPath = join(dist, "engine", "worker.cjs");
const workloadPath = join(dist, "engine", "workload.cjs");
const abort = new AbortController();
const startedRuns: Runs[] = [];
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
  createRuns() {
    const catalog = workloads.map(({ facts }) => facts);
    const runs = createWorkerRuns({ workerPath: workloadPath, catalog, yields: false });
    startedRuns.push(runs);
    return runs;
  },
}).then(async (exitCode) => {
  process.exitCode = exitCode;
  const { reason } = abort.signal as { readonly reason: unknown };
  if (reason instanceof InterruptedError && startedRuns.some((runs) => runs.isHeld())) await endBySignal(reason.signal);
});

/**
 * Ends the process by the signal it was told to end by, which has its usual effect again: a shell sees the same exit
 * code. Every exit of Node's own waits for all threads, and one inside a native library aborts the process when it
 * comes back.
 */
async function endBySignal(signal: NodeJS.Signals): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => void stream.write("", () => resolve()));
  process.kill(process.pid, signal);
}

/** The manifest lies beside the build, in a checkout as in a package. */
function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(dist, "..", "package.json"), "utf8")) as { readonly version: string };
  return manifest.version;
}
