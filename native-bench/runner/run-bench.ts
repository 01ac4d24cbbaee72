import { UserFacingError } from "../../traces/model/errors.ts";
import type { BenchReport, BenchResult } from "../../traces/measure/bench-report.ts";
import type { Backend, OpenBackend } from "../backends/backend.ts";
import { expandPlan, findPlanFault, type Configuration, type RunPlan } from "../plan/run-plan.ts";
import type { Workload } from "../workloads/workload.ts";
import { readEnvironment } from "./environment.ts";
import { describeUnmeasured } from "./result.ts";
import { createRunContext } from "./run-context.ts";
import type { RunHost } from "./run-host.ts";
import { runSessions } from "./run-sessions.ts";
import { runSteps } from "./run-steps.ts";
import { createSharedParts } from "./share.ts";

/** A configuration that may run, with its place in the report. */
export interface Candidate {
  readonly index: number;
  readonly configuration: Configuration;
  readonly open: OpenBackend;
}

/**
 * Runs a plan to its end and reports every configuration: measured, or why not. A set cancel flag ends it early; what
 * was measured by then is in the report. Throws `UserFacingError` for a plan that cannot be run at all.
 */
export async function runBench(plan: RunPlan, host: RunHost): Promise<BenchReport> {
  const workload = host.workloads.find(({ facts }) => facts.id === plan.workload);
  if (workload === undefined) throw new UserFacingError(`there is no workload "${plan.workload.slice(0, 64)}"`);
  const fault = findPlanFault(plan, workload.facts);
  if (fault !== null) throw new UserFacingError(fault);

  const results: BenchResult[] = [];
  const tell = (index: number, result: BenchResult): void => {
    results[index] = result;
    host.tell({ kind: "result", index, result: { ...result, samplesMs: [] } });
  };
  const { candidates, versions } = await chooseCandidates(plan, workload, host, tell);
  const { appVersion, spanCostNs } = host;
  const emulatedDevices = candidates.flatMap(({ open }) => (open.device.software ? [open.device.name] : []));
  const environment = readEnvironment({ appVersion, spanCostNs, versions, emulatedDevices });
  host.tell({ kind: "environment", environment }, true);
  const parts = createSharedParts();
  const context = createRunContext(plan, host, parts);
  try {
    const run = { plan, candidates, context, host, tell };
    if ("prepare" in workload) await runSteps({ ...run, workload });
    else await runSessions({ ...run, workload });
  } finally {
    host.recorder?.unwind(0);
    await parts.dispose();
  }
  const { workload: id, variants, backends, options, protocol } = plan;
  return {
    format: "deltaflame-bench",
    version: 1,
    parameters: { workload: id, variants, backends, options, protocol: { ...protocol } },
    environment,
    results,
  };
}

/** Asks the backends, then the workload; whoever refuses gets a result that says why. */
async function chooseCandidates(
  plan: RunPlan,
  workload: Workload,
  host: RunHost,
  tell: (index: number, result: BenchResult) => void,
): Promise<{ readonly candidates: readonly Candidate[]; readonly versions: Readonly<Record<string, string>> }> {
  const candidates: Candidate[] = [];
  const versions: Record<string, string> = {};
  for (const [index, configuration] of expandPlan(plan, workload.facts).entries()) {
    const variant = workload.facts.variants.find(({ id }) => id === configuration.variant);
    const answer = await openBackend(configuration.backend, host);
    const refusal =
      typeof answer === "string" ? answer : (variant?.unavailable ?? workload.refuse?.(configuration, answer) ?? null);
    if (typeof answer === "string" || refusal !== null) {
      tell(index, describeUnmeasured(configuration, "unavailable", refusal ?? "not available"));
      continue;
    }
    Object.assign(versions, answer.device.versions);
    candidates.push({ index, configuration, open: answer });
  }
  return { candidates, versions };
}

/** The open backend, or why it cannot be used. */
async function openBackend(id: string, host: RunHost): Promise<OpenBackend | string> {
  const backend: Backend | undefined = host.backends.find((known) => known.id === id);
  if (backend === undefined) return `there is no backend "${id}"`;
  const answer = await host.probe(backend);
  if (answer.available) return { backend, device: answer.device };
  return answer.remedy === undefined ? answer.reason : `${answer.reason}; add it with ${answer.remedy}`;
}
