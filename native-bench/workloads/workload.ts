import type { Accuracy } from "../../traces/measure/bench-report.ts";
import type { OpenBackend } from "../backends/backend.ts";
import type { Arithmetic } from "../plan/availability.ts";
import type { WorkloadFacts } from "../plan/catalog.ts";
import type { OptionSpecs } from "../plan/option.ts";
import type { Configuration } from "../plan/run-plan.ts";
import type { ComparedMap, RunProgress, ValueTable } from "../plan/telemetry.ts";
import type { GpuLine } from "../gpu/gpu-line.ts";
import type { SpanRecorder } from "../spans/recorder.ts";
import type { ThreadHost } from "../threads/thread.ts";

/**
 * Something to time. One folder or file below `workloads/` and one line in `registry.ts`. `facts` is all that the
 * window and the command line need to offer it; nothing native is loaded before `prepare` or `run`.
 *
 * Two shapes: many short steps that the runner repeats and interleaves (a model), or one long session that reports
 * its phases (an optimizer).
 */
export type Workload<Specs extends OptionSpecs = OptionSpecs> = StepWorkload<Specs> | SessionWorkload<Specs>;

interface WorkloadBase<Specs extends OptionSpecs> {
  readonly facts: WorkloadFacts & { readonly options: Specs };
  /**
   * Why this combination makes no sense or cannot run ("INT8 weights need the CPU provider"); null when it can. A
   * refused configuration is shown with this reason, the others run.
   */
  refuse?(configuration: Configuration<Specs>, open: OpenBackend): string | null;
}

export interface StepWorkload<Specs extends OptionSpecs = OptionSpecs> extends WorkloadBase<Specs> {
  readonly facts: WorkloadFacts & { readonly shape: "steps"; readonly options: Specs };
  /**
   * Builds models, creates sessions, makes inputs. All configurations of a run are prepared together, so that they can
   * take turns; what they have in common belongs into `context.share`. Throws `UnavailableError` for what this machine
   * cannot do, or the input does not allow.
   */
  prepare(configuration: Configuration<Specs>, open: OpenBackend, context: RunContext): Promise<PreparedSteps>;
}

/** One configuration, ready to be measured. */
export interface PreparedSteps {
  readonly itemsPerStep: number;
  /** Sizes that follow from the inputs: atoms, edges. */
  readonly facts: Readonly<Record<string, number | string>>;
  readonly precision: Arithmetic;
  /** Names what is loaded, where configurations may share it: the first of a name has loaded it for the others. */
  readonly session?: string;
  /**
   * Changes the inputs for step `index`, outside the timed part: no layer may answer from a cache. The stream of
   * changes depends on seed and index alone, so that all variants compute the same.
   */
  vary(index: number): void;
  /** The timed part: everything a user of the workload would wait for. */
  step(): void | Promise<void>;
  /** A number that depends on every output of the last step; outside the timed part. */
  digest(): number;
  /** Compares with the reference of the same weights or data; after the samples. Absent: the workload has none. */
  checkAccuracy?(): Promise<Accuracy>;
  /**
   * One more step with the library's own profile merged into the recorder, outside the samples. Returns how many
   * nodes ran on which execution provider.
   */
  profile?(): Promise<Readonly<Record<string, number>>>;
  dispose(): Promise<void>;
}

export interface SessionWorkload<Specs extends OptionSpecs = OptionSpecs> extends WorkloadBase<Specs> {
  readonly facts: WorkloadFacts & { readonly shape: "session"; readonly options: Specs };
  /** Runs once, from nothing to its outcome. Rejects with `CancelledError` soon after the flag is set. */
  run(configuration: Configuration<Specs>, open: OpenBackend, context: SessionContext): Promise<SessionOutcome>;
}

export interface SessionOutcome {
  readonly itemsPerStep: number;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly precision: Arithmetic;
  /** Wall time of what counts, ms; data generation, compilation and the like are left out and told in `loadMs`. */
  readonly elapsedMs: number;
  readonly loadMs: number;
  readonly accuracy: Accuracy | null;
}

/** What a run offers to its workload. */
export interface RunContext {
  /** The track of the thread that measures. */
  readonly recorder: SpanRecorder;
  /** A further track of this thread: a device queue, a disk. */
  trackRecorder(name: string): SpanRecorder;
  readonly threads: ThreadHost;
  /**
   * How this configuration computes, as far as others of the run do it otherwise, whatever the sizes: "fast-pool · rank
   * 16". For names of what configurations of several sizes share.
   */
  readonly way: string;
  /** A line to a place that has WebGPU; null: this process may have it itself. */
  readonly gpu: GpuLine | null;
  readonly seed: number;
  /** [0] becomes 1 when the run shall end; give it to threads. */
  readonly cancelFlag: Int32Array;
  /** Throws `CancelledError` once the run shall end. Call it at least every 200 ms outside of steps. */
  throwIfCancelled(): void;
  /**
   * What several configurations have in common (weights, a session), made by the first that asks. Disposed with the
   * run, in reverse order.
   */
  share<T>(key: string, make: () => Promise<T>, dispose?: (value: T) => Promise<void>): Promise<T>;
  /** A folder that is there until the run ends. */
  readonly scratchFolder: string;
}

/** What a session offers beyond that: words and numbers for the window while it runs. */
export interface SessionContext extends RunContext {
  /** A phase begins; also draws the bar. Spans are the workload's own. */
  phase(title: string, index: number, count: number): void;
  progress(progress: RunProgress): void;
  /** A point of one of the curves of `facts.curves`. */
  point(curve: string, x: number, y: number): void;
  values(table: ValueTable): void;
  /** Measurements beside what a model says. */
  map(map: ComparedMap): void;
  event(name: string, facts: Readonly<Record<string, number | string>>): void;
}
