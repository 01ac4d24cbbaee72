import { CancelledError } from "../../traces/model/errors.ts";
import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { failureWords } from "../../traces/measure/check-words.ts";
import { UnavailableError } from "../plan/availability.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import type { CounterName } from "../spans/recorder.ts";
import type { RunContext, StepWorkload } from "../workloads/workload.ts";
import { createRandom, shuffle } from "./random.ts";
import { describeUnmeasured, labelConfiguration } from "./result.ts";
import type { Candidate } from "./run-bench.ts";
import type { RunHost } from "./run-host.ts";
import { prepareEntry, resultOf, takeStep, watchPeak, type Entry, type StepRecorders } from "./steps-entry.ts";
import { describeEnd, findStop } from "./stop-rule.ts";

export interface StepsRun {
  readonly plan: RunPlan;
  readonly workload: StepWorkload;
  readonly candidates: readonly Candidate[];
  readonly context: RunContext;
  readonly host: RunHost;
  readonly tell: (index: number, result: BenchResult) => void;
}

/** A turn lasts at least this long, so that short steps do not always run on cold caches. */
const turnMs = 10;
const largestTurn = 50;
const leastTurns = 4;
/** Turns in which the peak of memory is looked at: later ones allocate nothing new. */
const peakTurns = 3;
const tellIntervalMs = 250;
const bytesPerMegabyte = 1e6;

/**
 * Measures short steps: prepares all configurations, warms each up, then lets them take turns in a random order until
 * each is settled. Accuracy and the library's own profile come after the samples. One that fails is reported and the
 * others go on; when the run is stopped, what was measured by then is reported.
 */
export async function runSteps(run: StepsRun): Promise<void> {
  const steps = new Steps(run);
  try {
    await steps.phase("prepare", () => steps.prepareAll());
    await steps.phase("warm-up", () => steps.forEach("warming up", (entry) => steps.warmUp(entry)));
    await steps.phase("measure", () => steps.takeTurns());
    await steps.phase("check", () => steps.forEach("checking", (entry) => steps.check(entry)));
    steps.conclude();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    steps.reportStopped();
  } finally {
    await steps.dispose();
  }
}

class Steps {
  readonly #run: StepsRun;
  readonly #recorders: StepRecorders;
  /** Of configurations that still run, by their place in the report. */
  readonly #entries = new Map<number, Entry>();
  /** Those whose last word is not said. */
  readonly #open: Map<number, Candidate>;
  /** So that the samples are spread over several turns. */
  readonly #turnSteps: number;
  readonly #memory: CounterName;
  /** How long each shared session took to load, by its key. */
  readonly #loads = new Map<string, number>();
  #toldMs = -Infinity;

  constructor(run: StepsRun) {
    this.#run = run;
    this.#recorders = { spans: run.context.recorder, columns: run.host.recorder };
    this.#turnSteps = Math.max(1, Math.min(largestTurn, Math.floor(run.plan.protocol.maxSamples / leastTurns)));
    this.#memory = run.context.recorder.counter("resident memory, MB");
    this.#open = new Map(run.candidates.map((candidate) => [candidate.index, candidate]));
  }

  async phase(name: string, body: () => Promise<void>): Promise<void> {
    const { spans, columns } = this.#recorders;
    const depth = columns?.depth ?? 0;
    spans.begin(spans.name(name, "phase"));
    await body();
    columns?.unwind(depth);
  }

  async prepareAll(): Promise<void> {
    const { workload, candidates, context } = this.#run;
    const all = candidates.map(({ configuration }) => configuration);
    for (const [number, candidate] of candidates.entries()) {
      const label = labelConfiguration(candidate.configuration, all);
      const way = labelConfiguration(candidate.configuration, all, workload.facts.sizes);
      this.#progress(number, candidates.length, `preparing ${label}`, true);
      await this.#guard(candidate, async () => {
        this.#entries.set(
          candidate.index,
          await prepareEntry({ workload, context: { ...context, way }, loads: this.#loads }, candidate, label),
        );
      });
      this.#sampleMemory();
    }
  }

  /** `doing`: said of each while it is its turn. */
  async forEach(doing: string, body: (entry: Entry) => Promise<void>): Promise<void> {
    for (const [number, entry] of [...this.#entries.values()].entries()) {
      this.#progress(number, this.#run.candidates.length, `${doing} ${entry.label}`, true);
      await this.#guard(entry, () => body(entry));
    }
  }

  async warmUp(entry: Entry): Promise<void> {
    const { warmupSteps, warmupMs, maxMs } = this.#run.plan.protocol;
    const { spans } = this.#recorders;
    spans.begin(entry.span);
    await watchPeak(entry, async () => {
      const firstStepMs = await takeStep(entry, this.#recorders);
      let spentMs = firstStepMs;
      let taken = 1;
      while ((taken < warmupSteps && spentMs < maxMs) || spentMs < warmupMs) {
        this.#run.context.throwIfCancelled();
        spentMs += await takeStep(entry, this.#recorders);
        taken++;
      }
      const cut = taken < warmupSteps ? { warmupStepsWanted: warmupSteps } : {};
      entry.result = { ...entry.result, firstStepMs, warmupSteps: taken, ...cut };
    });
    spans.end();
    this.#sampleMemory();
  }

  /** Rounds in which every unsettled configuration has one turn, in a new order each time. */
  async takeTurns(): Promise<void> {
    const random = createRandom(this.#run.plan.protocol.seed);
    for (;;) {
      const waiting = [...this.#entries.values()].filter((entry) => !this.#isSettled(entry));
      if (waiting.length === 0) return;
      for (const entry of shuffle(waiting, random)) await this.#guard(entry, () => this.#takeTurn(entry));
    }
  }

  async check(entry: Entry): Promise<void> {
    const { spans } = this.#recorders;
    const { prepared } = entry;
    spans.begin(entry.span);
    const placement = (await prepared.profile?.()) ?? null;
    this.#run.context.throwIfCancelled();
    const accuracy = (await prepared.checkAccuracy?.()) ?? null;
    spans.end();
    const outcome = accuracy?.passed === false ? "excluded" : "measured";
    const failed = accuracy?.checks.find(({ passed }) => !passed);
    const reason = failed === undefined ? null : failureWords(failed);
    const end = {
      ...describeEnd(entry.stepsMs, entry.spentMs, this.#run.plan.protocol),
      ...(this.#run.candidates.length > 1 && ({ peakShared: true } as const)),
    };
    const { unchecked, ...known } = entry.result;
    const isOpen = unchecked === true && outcome === "measured";
    entry.result = { ...known, outcome, reason, placement, accuracy, ...end, ...(isOpen && { unchecked }) };
    entry.isChecked = true;
    this.#finish(entry.index, resultOf(entry));
    this.#concludeVariant(entry);
  }

  /** For variants of which a size failed after the others were checked. */
  conclude(): void {
    for (const entry of this.#entries.values()) if (entry.result.unchecked === true) this.#concludeVariant(entry);
  }

  /** What leaves its tolerances at one size makes no claim of speed at the others either: all are told when all are known. */
  #concludeVariant(entry: Entry): void {
    const { sizes = [] } = this.#run.workload.facts;
    const kindOf = ({ configuration: { variant, backend, options } }: Entry): string =>
      JSON.stringify([variant, backend, Object.entries(options).filter(([id]) => !sizes.includes(id))]);
    const alike = [...this.#entries.values()].filter((other) => kindOf(other) === kindOf(entry));
    if (!alike.every(({ isChecked }) => isChecked)) return;
    const outside = alike.find(({ result }) => result.outcome === "excluded");
    for (const one of alike) {
      const { unchecked, ...known } = one.result;
      const isElsewhere = outside !== undefined && known.outcome === "measured";
      if (unchecked === undefined && !isElsewhere) continue;
      one.result = isElsewhere
        ? { ...known, outcome: "excluded", reason: reasonElsewhere(outside, one, sizes) }
        : known;
      this.#finish(one.index, resultOf(one));
    }
  }

  reportStopped(): void {
    this.#recorders.columns?.unwind(0);
    const stopped = { outcome: "stopped", reason: "stopped before it was settled" } as const;
    for (const { index, configuration } of this.#open.values()) {
      const entry = this.#entries.get(index);
      const known = entry === undefined ? describeUnmeasured(configuration, "stopped", null) : resultOf(entry);
      this.#finish(index, { ...known, ...stopped });
    }
    const reason = "stopped before its variant was checked at all sizes";
    for (const entry of this.#entries.values())
      if (entry.isChecked && entry.result.unchecked === true)
        this.#finish(entry.index, { ...resultOf(entry), outcome: "stopped", reason });
  }

  async dispose(): Promise<void> {
    for (const { prepared } of this.#entries.values()) await prepared.dispose();
  }

  async #takeTurn(entry: Entry): Promise<void> {
    const { spans } = this.#recorders;
    const turn = async (): Promise<void> => {
      const startMs = performance.now();
      spans.begin(entry.span);
      for (let step = 0; step < this.#turnSteps; step++) {
        this.#run.context.throwIfCancelled();
        const stepMs = await takeStep(entry, this.#recorders);
        entry.stepsMs.push(stepMs);
        if (performance.now() - startMs >= turnMs) break;
      }
      spans.end();
      entry.spentMs += performance.now() - startMs;
      entry.turns++;
    };
    await (entry.turns < peakTurns ? watchPeak(entry, turn) : turn());
    this.#sampleMemory();
    this.#tellNow(entry);
  }

  /** Of the whole process, between turns: reading it takes some 20 µs. */
  #sampleMemory(): void {
    const { spans } = this.#recorders;
    if (spans.isRecording) spans.sample(this.#memory, process.memoryUsage.rss() / bytesPerMegabyte);
  }

  #isSettled({ turns, stepsMs, spentMs }: Entry): boolean {
    const { protocol } = this.#run.plan;
    const stop = findStop(stepsMs, spentMs, protocol);
    return stop === "budget" || (stop !== null && turns >= Math.min(leastTurns, protocol.maxSamples));
  }

  /** Numbers of a running configuration, a few times a second. */
  #tellNow(entry: Entry): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < tellIntervalMs) return;
    this.#toldMs = nowMs;
    this.#run.tell(entry.index, { ...resultOf(entry), samplesMs: [] });
    const entries = [...this.#entries.values()];
    const done = entries.filter((each) => this.#isSettled(each)).length;
    this.#progress(
      done,
      entries.length,
      `measuring, ${entries.reduce((sum, { stepsMs }) => sum + stepsMs.length, 0)} steps`,
    );
  }

  #progress(done: number, total: number, text: string, atOnce = false): void {
    const secondsLeft = this.#longestLeftMs() / 1000;
    const progress = { done, total, unit: "configurations", text, secondsLeft: secondsLeft > 0 ? secondsLeft : null };
    this.#run.host.tell({ kind: "telemetry", telemetry: { kind: "progress", ...progress } }, atOnce);
  }

  /** An upper bound: what the budgets of the unsettled still allow. */
  #longestLeftMs(): number {
    const { maxMs } = this.#run.plan.protocol;
    let leftMs = 0;
    for (const entry of this.#entries.values()) {
      if (!this.#isSettled(entry)) leftMs += Math.max(0, maxMs - entry.spentMs);
    }
    return leftMs;
  }

  /** A configuration that fails says why and leaves; only cancelling ends the others. */
  async #guard(candidate: Candidate, body: () => Promise<void>): Promise<void> {
    this.#run.context.throwIfCancelled();
    const depth = this.#recorders.columns?.depth ?? 0;
    try {
      await body();
    } catch (error) {
      this.#recorders.columns?.unwind(depth);
      if (error instanceof CancelledError) throw error;
      const entry = this.#entries.get(candidate.index);
      this.#entries.delete(candidate.index);
      const outcome = error instanceof UnavailableError ? "unavailable" : "failed";
      const reason = error instanceof Error ? error.message : String(error);
      const known =
        entry === undefined ? describeUnmeasured(candidate.configuration, outcome, reason) : resultOf(entry);
      this.#finish(candidate.index, { ...known, outcome, reason });
      await entry?.prepared.dispose();
    }
  }

  #finish(index: number, result: BenchResult): void {
    this.#open.delete(index);
    this.#run.tell(index, result);
  }
}

/** "at batch 64: energy change in a batch 33.5 meV/atom…": where the variant is outside, and by what. */
function reasonElsewhere(outside: Entry, here: Entry, sizes: readonly string[]): string {
  const where = sizes
    .filter((id) => outside.configuration.options[id] !== here.configuration.options[id])
    .map((id) => `${id} ${String(outside.configuration.options[id])}`);
  return `at ${where.join(", ")}: ${outside.result.reason}`;
}
