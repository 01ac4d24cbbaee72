import type { RunKey } from "../../electron/contract/engine-contract.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { BackendFacts, WorkloadFacts } from "../../native-bench/plan/catalog.ts";
import type { RunPlan } from "../../native-bench/plan/run-plan.ts";
import type { RunUpdate } from "../../native-bench/plan/telemetry.ts";
import { createForm, titleOf, toPlan, type RunForm } from "./run-form.ts";
import { isRunning, takeUpdates, type RunRecord } from "./run-record.ts";
import type { AppState, SliceCreator } from "./store.ts";

export interface BenchSlice {
  /** Null until asked for. */
  readonly catalog: readonly WorkloadFacts[] | null;
  /** Null while the probes run. */
  readonly backends: readonly BackendFacts[] | null;
  /** Why catalog or backends could not be read. */
  readonly benchError: string | null;
  readonly chosenWorkload: string | null;
  readonly forms: Readonly<Record<string, RunForm>>;
  /** Of this session, the oldest first. */
  readonly runs: readonly RunRecord[];
  readonly shownRun: RunKey | null;
  /** Asks the engine what can be run, once. */
  readBench(): Promise<void>;
  chooseWorkload(id: string): void;
  changeForm(workload: string, change: Partial<RunForm>): void;
  chooseFile(workload: string, option: string): Promise<void>;
  /** Starts what the form of the chosen workload says; a second start while one runs does nothing. */
  startRun(): Promise<void>;
  startPlan(plan: RunPlan): Promise<void>;
  stopRun(): void;
  showRun(key: RunKey): void;
  acceptUpdates(key: RunKey, updates: readonly RunUpdate[]): void;
}

// A slice is one object of actions; each of them is short.
/* oxlint-disable max-lines-per-function */
export const createBenchSlice: SliceCreator<BenchSlice> =
  ({ platform, now }) =>
  (set, get) => {
    let nextRun = 1;
    const changeRun = (key: RunKey, change: (run: RunRecord) => Partial<RunRecord>): void =>
      set((state) => ({ runs: state.runs.map((run) => (run.key === key ? { ...run, ...change(run) } : run)) }));

    return {
      catalog: null,
      backends: null,
      benchError: null,
      chosenWorkload: null,
      forms: {},
      runs: [],
      shownRun: null,

      async readBench() {
        const { engine, catalog } = get();
        if (engine === null || catalog !== null) return;
        try {
          const workloads = await engine.call("bench.catalog", null);
          set({ catalog: workloads, benchError: null });
          const backends = await engine.call("bench.backends", null);
          const forms = Object.fromEntries(workloads.map((workload) => [workload.id, createForm(workload, backends)]));
          set((state) => ({
            backends,
            forms: { ...forms, ...state.forms },
            chosenWorkload: state.chosenWorkload ?? workloads[0]?.id ?? null,
          }));
        } catch (error) {
          set({ benchError: toPlainError(error).message });
        }
      },
      chooseWorkload: (chosenWorkload) => set({ chosenWorkload }),
      changeForm(workload, change) {
        const form = get().forms[workload];
        if (form !== undefined) set((state) => ({ forms: { ...state.forms, [workload]: { ...form, ...change } } }));
      },
      async chooseFile(workload, option) {
        try {
          const [grant] = await platform.shell.invoke("file.choose", null);
          const form = get().forms[workload];
          if (grant === undefined || form === undefined) return;
          get().changeForm(workload, {
            texts: { ...form.texts, [option]: grant.token },
            fileNames: { ...form.fileNames, [grant.token]: grant.name },
          });
        } catch (error) {
          get().report("No file could be chosen.", error);
        }
      },

      async startRun() {
        const { catalog, chosenWorkload, forms } = get();
        const workload = catalog?.find(({ id }) => id === chosenWorkload);
        const form = forms[chosenWorkload ?? ""];
        if (workload === undefined || form === undefined) return;
        const plan = toPlan(form, workload);
        // The form shows what is wrong with it.
        if (typeof plan !== "string") await get().startPlan(plan);
      },
      async startPlan(plan) {
        const { engine, runs } = get();
        if (engine === null || runs.some(isRunning)) return;
        const number = nextRun++;
        const title = titleOf(plan);
        const trace = get().openLiveTab(`${title} #${number}`);
        const run = createRecord(number, trace, title, plan, now());
        set({ runs: [...runs, run], shownRun: run.key });
        get().announce(`Run ${number} has started`);
        try {
          const report = await engine.call("bench.start", { run: run.key, trace, name: title, plan });
          changeRun(run.key, () => ({ state: { kind: "done" }, report, results: report.results }));
          get().settleLiveTab(trace, null);
          get().announce(`Run ${number} has ended`);
        } catch (error) {
          const plain = toPlainError(error);
          changeRun(run.key, () => ({ state: { kind: "failed", error: plain } }));
          get().settleLiveTab(trace, plain);
          get().announce(`Run ${number} failed: ${plain.message}`);
        }
      },
      stopRun() {
        const run = get().runs.find(isRunning);
        if (run === undefined || run.state.kind !== "running") return;
        changeRun(run.key, () => ({ state: { kind: "stopping", startedAtMs: now() } }));
        get()
          .engine?.call("bench.stop", { run: run.key })
          .catch((error: unknown) => get().report("The run could not be stopped.", error));
      },
      showRun: (shownRun) => set({ shownRun }),
      acceptUpdates: (key, updates) => changeRun(key, (run) => takeUpdates(run, updates)),
    };
  };

/** The run on the screen; null before the first. */
export function shownRunOf({ runs, shownRun }: Pick<AppState, "runs" | "shownRun">): RunRecord | null {
  return runs.find(({ key }) => key === shownRun) ?? null;
}

function createRecord(number: number, trace: string, title: string, plan: RunPlan, startedAtMs: number): RunRecord {
  return {
    key: `run-${number}`,
    trace,
    number,
    title,
    plan,
    state: { kind: "running", startedAtMs },
    progress: null,
    phase: null,
    curves: new Map(),
    tables: [],
    events: [],
    results: [],
    latest: null,
    report: null,
  };
}
