/*
 * What a benchmark run found: the one form in which results are shown, saved (`--json`), compared and judged.
 * Times in ms, bytes in B. "Not measured" is null, never 0.
 */

/** The file `deltaflame bench … --json` writes. `version` rises when a field changes its meaning. */
export interface BenchReport {
  readonly format: "deltaflame-bench";
  readonly version: 1;
  readonly parameters: BenchParameters;
  readonly environment: Environment;
  readonly results: readonly BenchResult[];
}

export interface BenchParameters {
  readonly workload: string;
  readonly variants: readonly string[];
  readonly backends: readonly string[];
  readonly options: Readonly<Record<string, readonly OptionScalar[]>>;
  readonly protocol: Readonly<Record<string, number | boolean>>;
}

export type OptionScalar = number | string | boolean | null;

/** The machine and software of a run, as far as they can be read without asking for rights. */
export interface Environment {
  readonly startedAt: string;
  readonly appVersion: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Adapters the system names, then emulated ones, called so; empty when none is found. */
  readonly gpus: readonly string[];
  /** "performance", "powersave"; null where it is not readable. */
  readonly powerMode: string | null;
  /** Priority of the thread that measured: 0 is usual, more gives way to other programs; null where it is not readable. */
  readonly niceness: number | null;
  /** The thread was of Linux's idle class: it computes only where nobody else wants to, whatever its niceness. */
  readonly idleClass?: true;
  /** Load average over a minute before the run; null where the system has none. */
  readonly loadBefore: number | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Calibrated cost of one recorded span on this machine, ns; null when nothing was recorded. */
  readonly spanCostNs: number | null;
}

/** One configuration. All times are per item, so that sizes can be compared; times `itemsPerStep` they are per step. */
export interface BenchResult {
  readonly variant: string;
  readonly backend: string;
  /** What really computed; null when nothing ran. */
  readonly device: string | null;
  /** A GPU interface emulated by a CPU. */
  readonly software: boolean;
  readonly precision: string | null;
  readonly options: Readonly<Record<string, OptionScalar>>;
  readonly outcome: BenchOutcome;
  /** Why it did not run or not to the end. */
  readonly reason: string | null;
  /** Items of one step: structures of a batch, points of a fit. */
  readonly itemsPerStep: number;
  /** Sizes that were not chosen but found: atoms, edges. */
  readonly facts: Readonly<Record<string, number | string>>;
  /** Median and its 95 % interval, per item. */
  readonly medianMs: number | null;
  readonly lowMs: number | null;
  readonly highMs: number | null;
  readonly sampleCount: number;
  /** Why no more were taken; absent in reports that do not tell, and where the run was stopped. */
  readonly ended?: "settled" | "most samples" | "budget";
  /** Samples that were wanted at least, where the budget ended it before: too few. */
  readonly samplesWanted?: number;
  /** In the order they were taken; empty while a run tells of itself. */
  readonly samplesMs: readonly number[];
  readonly itemsPerSecond: number | null;
  /** From the call to a ready workload: model built, session created. */
  readonly loadMs: number | null;
  /** The session was there already: `loadMs` is that of the configuration that loaded it. */
  readonly loadShared?: true;
  /** The first step: compilation and first allocation, not among the samples. Whole step. */
  readonly firstStepMs: number | null;
  readonly warmupSteps: number;
  /** Steps of warm-up that were wanted at least, where the budget ended it before. */
  readonly warmupStepsWanted?: number;
  /**
   * Largest resident size of the process while this configuration ran, and its size before. Configurations that take
   * turns share the process: the size holds what the others keep (`peakShared`). Alone in a process it is that of the
   * run.
   */
  readonly peakBytes: number | null;
  /** Other configurations ran in the same process. */
  readonly peakShared?: true;
  readonly baseBytes: number | null;
  /** Nodes by execution provider, from a profiled step outside the samples; null when not profiled. */
  readonly placement: Readonly<Record<string, number>> | null;
  /**
   * Whether the outputs changed with the inputs in every step: a cached answer would not. Null when not checked, or when
   * they rightly stay equal (`whyOutputsStay`).
   */
  readonly outputsChanged: boolean | null;
  readonly accuracy: Accuracy | null;
  /**
   * Its outputs, or those of its variant at other sizes, are to be held against a reference and were not yet, or the run
   * ended before: no claim of speed rests on it.
   */
  readonly unchecked?: true;
}

/** `excluded`: measured, but outside its tolerances, so no claim of speed may rest on it. */
export type BenchOutcome = "measured" | "stopped" | "excluded" | "unavailable" | "failed";

/** What the workload computes against its reference. */
export interface Accuracy {
  readonly passed: boolean;
  readonly checks: readonly AccuracyCheck[];
}

export interface AccuracyCheck {
  readonly id: string;
  /** "energy error, mean". */
  readonly label: string;
  readonly value: number;
  /** Passes while |value| ≤ limit; null: told, not judged. */
  readonly limit: number | null;
  /** Why there is no limit: "no limit for int8". */
  readonly noLimit?: string;
  readonly unit: string;
  readonly passed: boolean;
  /** What it was computed on where that is not what was measured: "ethanol". */
  readonly subject?: string;
  /** The value counts something. */
  readonly count?: true;
  /** One line for people: which reference, which inputs. */
  readonly note?: string;
}

/** Whether a parsed file holds what is needed to judge its numbers: results with their samples, options and facts. */
export function isBenchReport(file: unknown): file is BenchReport {
  if (typeof file !== "object" || file === null) return false;
  const { format, results, parameters } = file as Readonly<Record<string, unknown>>;
  return (
    format === "deltaflame-bench" && Array.isArray(results) && results.every(isResult) && typeof parameters === "object"
  );
}

function isResult(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { variant, backend, options, itemsPerStep, samplesMs, facts } = value as Readonly<Record<string, unknown>>;
  return (
    typeof variant === "string" &&
    typeof backend === "string" &&
    typeof options === "object" &&
    typeof facts === "object" &&
    typeof itemsPerStep === "number" &&
    Array.isArray(samplesMs)
  );
}
