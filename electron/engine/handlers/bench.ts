import type { RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { reportFindings } from "../../../traces/measure/integrity/inspect.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { BenchRequest } from "../../contract/bench-contract.ts";
import type { TraceSummary } from "../../contract/engine-contract.ts";
import type { Grants } from "../grants.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import { programVersion } from "../program-name.ts";
import { readBenchFile } from "../read-bench-file.ts";
import { readNotes } from "../runs/read-notes.ts";
import type { FinishedRun, RunningRun, RunWatcher } from "../runs/run-job.ts";
import type { JobContext } from "../serve-client.ts";
import type { OpenTrace } from "../trace-store.ts";
import type { LentGpu } from "./gpu.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

type BenchCommands = "bench.catalog" | "bench.backends" | "bench.start" | "bench.stop" | "bench.read";

/** Runs workloads. The spans of a run are a trace like any other, growing while it runs. */
export function createBenchHandlers(
  { host, grants, store }: HandlerParts,
  gpu: LentGpu,
): Pick<Handlers, BenchCommands> {
  const running = new Map<string, RunningRun>();
  return {
    "bench.catalog": async () => host.runs.catalog,
    "bench.backends": () => host.runs.describeBackends(gpu.line()),

    async "bench.start"(request, context) {
      if (running.has(request.run)) throw new UserFacingError("a run goes on under this key");
      if (request.trace !== null && store.has(request.trace))
        throw new UserFacingError("a trace is already open under this key");
      const plan = await resolveFiles(request.plan, host.runs.catalog, grants);
      if (context.signal.aborted) throw new CancelledError();
      const entry = request.trace === null ? null : createLiveEntry(request.trace, request.name);
      const startedMs = host.nowMs();
      const show = (imported: ImportedTrace): void => {
        if (entry === null || entry.abort.signal.aborted) return;
        entry.current = { trace: imported.trace, nameTotals: imported.nameTotals, derived: new Map() };
        const payload = toLiveSummary(entry, imported, host.nowMs() - startedMs);
        context.emit({ kind: "event", event: "trace.grew", payload });
      };
      const run = host.runs.start(
        { plan, name: request.name, appVersion: programVersion },
        { ...watch(request, context, host.showsGrowing ? show : null), gpu: gpu.line() },
      );
      running.set(request.run, run);
      if (entry !== null) addEntry(entry, run, store);
      const stop = (): void => run.stop();
      context.signal.addEventListener("abort", stop, { once: true });
      let finished: FinishedRun;
      try {
        finished = await run.finished;
        if (finished.imported !== null) show(finished.imported);
      } catch (error) {
        if (entry !== null) store.removeEntry(entry);
        throw error;
      } finally {
        if (entry === null) run.close();
        running.delete(request.run);
        context.signal.removeEventListener("abort", stop);
      }
      const { report } = finished;
      return { report, findings: await context.runSlices(reportFindings(report)) };
    },

    async "bench.read"({ file: token }, context) {
      const file = await grants.find(token);
      if (file === null) throw new UserFacingError("this file was not chosen by the user");
      return await readBenchFile(file, context);
    },

    async "bench.stop"({ run }) {
      running.get(run)?.stop();
      return null;
    },
  };
}

function watch(
  { run }: BenchRequest,
  context: JobContext,
  onSnapshot: RunWatcher["onSnapshot"],
): Omit<RunWatcher, "gpu"> {
  return {
    onUpdates: (updates) => context.emit({ kind: "event", event: "bench.progressed", payload: { run, updates } }),
    onSnapshot,
  };
}

function createLiveEntry(key: string, name: string): OpenTrace {
  return {
    key,
    file: { path: "", name },
    fileStamp: null,
    allowLargeInflate: false,
    argumentReader: null,
    abort: new AbortController(),
    current: null,
    queries: new Map(),
  };
}

/** Closing the trace does not end the run. */
function addEntry(entry: OpenTrace, run: RunningRun, store: HandlerParts["store"]): void {
  entry.argumentReader = Promise.resolve(readNotes(run));
  // An export reads through it as well: there is no file to open.
  entry.hasOpenReader = true;
  store.add(entry);
}

function toLiveSummary({ key, file }: OpenTrace, { outline }: ImportedTrace, importMs: number): TraceSummary {
  return { trace: key, fileName: file.name, fileBytes: 0, ...outline, importMs };
}

/** File options come as tokens and go on as paths. */
async function resolveFiles(
  plan: RunPlan,
  catalog: HandlerParts["host"]["runs"]["catalog"],
  grants: Grants,
): Promise<RunPlan> {
  const specs = catalog.find(({ id }) => id === plan.workload)?.options ?? {};
  const options: Record<string, RunPlan["options"][string]> = { ...plan.options };
  for (const [id, spec] of Object.entries(specs)) {
    const values = options[id];
    if (spec.kind !== "file" || values === undefined) continue;
    options[id] = await Promise.all(
      values.map(async (value) => {
        if (value === null) return null;
        const file = await grants.find(String(value));
        if (file === null) throw new UserFacingError(`the file of "${id}" was not chosen by the user`);
        return file.path;
      }),
    );
  }
  return { ...plan, options };
}
