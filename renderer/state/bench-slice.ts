import type { RunKey, TraceKey } from "../../electron/contract/keys.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { BackendFacts, WorkloadFacts } from "../../native-bench/plan/catalog.ts";
import type { RunPlan } from "../../native-bench/plan/run-plan.ts";
import type { RunUpdate } from "../../native-bench/plan/telemetry.ts";
import type { BenchReport, BenchResult } from "../../traces/measure/bench-report.ts";
import { referencesOf } from "../../traces/measure/equal-work.ts";
import { speedRatio } from "../../traces/measure/speed-ratio.ts";
import type { IntegrityFinding } from "../../traces/measure/integrity/finding.ts";
import { distinctNames } from "./distinct-names.ts";
import { createForm, titleOf, toPlan, type RunForm } from "./run-form.ts";
import { cutOff, isRunning, takeUpdates, type RunRecord } from "./run-record.ts";
import type { AppState, SliceCreator } from "./store.ts";

/** Where results come from: a run, as far as it is, or a file. */
export interface ResultSource {
  readonly key: string;
  readonly title: string;
  /** The tab with the spans; null for files. */
  readonly trace: TraceKey | null;
  /** Whose results they are; null for a file of another program, which is judged only. */
  readonly workload: string | null;
  readonly results: readonly BenchResult[];
  /** The run goes on: more results will come. */
  readonly isGrowing: boolean;
  /** What is wrong with the numbers; none while a run goes on. */
  readonly findings: readonly IntegrityFinding[];
  /** Null while a run goes on, and for files of other programs. */
  readonly report: BenchReport | null;
}

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
  /** Results that were read from files. */
  readonly openedResults: readonly ResultSource[];
  /** Of the scaling view; null: the newest. */
  readonly shownSource: string | null;
  /** Further results in the same chart, by key, in the order they were added. */
  readonly overlaidSources: readonly string[];
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
  openResults(): Promise<void>;
  showSource(key: string): void;
  /** Adds results to the chart, or takes them off. */
  overlaySource(key: string, isOn: boolean): void;
  acceptUpdates(key: RunKey, updates: readonly RunUpdate[]): void;
}

// A slice is one object of actions; each of them is short.
/* oxlint-disable max-lines-per-function */
export const createBenchSlice: SliceCreator<BenchSlice> =
  ({ platform, now }) =>
  (set, get) => {
    let nextRun = 1;
    let isStarting = false;
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
      openedResults: [],
      shownSource: null,
      overlaidSources: [],

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
          const specs = get().catalog?.find(({ id }) => id === workload)?.options ?? {};
          const replaced = Object.values(specs).find(({ replacedBy }) => replacedBy === option);
          if (replaced !== undefined)
            get().announce(`${grant.name} is run in place of the chosen ${replaced.label.toLowerCase()}`);
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
        if (engine === null || isStarting || runs.some(isRunning)) return;
        const number = nextRun++;
        const workload = get().catalog?.find(({ id }) => id === plan.workload);
        const title = titleOf(plan, workload, workload && createForm(workload, get().backends ?? []));
        // The key press, the new tab and the view of the run are three tasks: none of them must hold the window up.
        isStarting = true;
        await nextTask();
        const trace = get().openLiveTab(`#${number} ${title}`);
        await nextTask();
        isStarting = false;
        const run = createRecord(number, trace, title, plan, now());
        set((state) => ({ runs: [...state.runs, run], shownRun: run.key }));
        get().announce(`Run ${number} has started`);
        try {
          const { report, findings } = await engine.call("bench.start", { run: run.key, trace, name: title, plan });
          await prepareRatios(report.results, workload?.settings ?? []);
          changeRun(run.key, () => ({ state: { kind: "done" }, report, findings, results: report.results }));
          get().settleLiveTab(trace, null);
          get().announce(`Run ${number} has ended`);
        } catch (error) {
          const plain = toPlainError(error);
          changeRun(run.key, (told) => cutOff(told, plain));
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
      async openResults() {
        const { engine } = get();
        if (engine === null) return;
        const files = await platform.shell.invoke("file.choose", null).catch((error: unknown) => {
          get().report("No file could be chosen.", error);
          return [];
        });
        for (const { token, name: fileName } of files) {
          try {
            const { name, report, findings } = await engine.call("bench.read", { file: token });
            const { workload } = report?.parameters ?? { workload: null };
            const results = report?.results ?? [];
            const source: ResultSource = {
              key: token,
              title: name,
              trace: null,
              workload,
              results,
              isGrowing: false,
              findings,
              report,
            };
            set(({ openedResults }) => ({ openedResults: [...openedResults, source], shownSource: token }));
          } catch (error) {
            get().report(`${fileName} could not be opened.`, error);
          }
        }
      },
      showSource: (shownSource) => set({ shownSource }),
      overlaySource: (key, isOn) =>
        set(({ overlaidSources }) => ({
          overlaidSources: [...overlaidSources.filter((known) => known !== key), ...(isOn ? [key] : [])],
        })),
      acceptUpdates: (key, updates) => changeRun(key, (run) => takeUpdates(run, updates)),
    };
  };

/** The run on the screen; null before the first. */
export function shownRunOf({ runs, shownRun }: Pick<AppState, "runs" | "shownRun">): RunRecord | null {
  return runs.find(({ key }) => key === shownRun) ?? null;
}

/** By the results that a run has told of: a new list with each of them. */
const sourceOfRun = new WeakMap<RunRecord["results"], ResultSource>();

/** All results there are, the newest first. The same objects as long as nothing changes. */
export function sourcesOf({ runs, openedResults }: Pick<AppState, "runs" | "openedResults">): readonly ResultSource[] {
  return [...runs.filter(hasResults).map(sourceOfRunRecord), ...openedResults].toReversed();
}

/** Whether a run has measured something to show. */
export function hasResults({ results }: Pick<RunRecord, "results">): boolean {
  return results.some((result) => result?.medianMs != null);
}

function sourceOfRunRecord(run: RunRecord): ResultSource {
  const known = sourceOfRun.get(run.results);
  if (known?.isGrowing === isRunning(run)) return known;
  const { key, number, title, trace, plan, report, findings } = run;
  const source: ResultSource = {
    key,
    title: `#${number} ${title}`,
    trace,
    workload: plan.workload,
    results: run.results.filter((result) => result !== undefined),
    isGrowing: isRunning(run),
    findings,
    report,
  };
  sourceOfRun.set(run.results, source);
  return source;
}

/** By key: "#3" of a run; of files what tells them apart. No two are the same. */
export function shortTitlesOf(sources: readonly ResultSource[]): ReadonlyMap<string, string> {
  const isFile = ({ trace }: ResultSource): boolean => trace === null;
  const files = sources.filter(isFile);
  const names = distinctNames(files.map(({ title }) => title));
  return new Map([
    ...sources
      .filter((source) => !isFile(source))
      .map(({ key, title }) => [key, title.split(" ")[0] ?? title] as const),
    ...files.map(({ key, title }, index) => [key, names[index] ?? title] as const),
  ]);
}

/** What can lie over the shown results in one chart: others of the same workload. */
export function overlaysOf(sources: readonly ResultSource[], shown: ResultSource): readonly ResultSource[] {
  return sources.filter(({ key, workload }) => key !== shown.key && workload !== null && workload === shown.workload);
}

/** The results that the scaling view shows; null without any. */
export function shownSourceOf(state: Pick<AppState, "runs" | "openedResults" | "shownSource">): ResultSource | null {
  const sources = sourcesOf(state);
  return sources.find(({ key }) => key === state.shownSource) ?? sources[0] ?? null;
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
    maps: [],
    events: [],
    results: [],
    latest: null,
    environment: null,
    report: null,
    findings: [],
  };
}

/** Works out the interval of each speed-up in a task of its own, before the views of a run ask for all in one. */
async function prepareRatios(results: readonly BenchResult[], settings: readonly string[]): Promise<void> {
  for (const [result, reference] of referencesOf(results, settings)) {
    if (result === reference) continue;
    await nextTask();
    speedRatio(result, reference);
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
