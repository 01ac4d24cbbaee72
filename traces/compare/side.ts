import type { Trace } from "../model/trace.ts";
import type { StepRecord, StepRule } from "./comparison.ts";

/** One trace of a side, whole or a part of it. */
export interface SidePart {
  /** Key of the open trace. */
  readonly key: string;
  readonly fileName: string;
  readonly trace: Trace;
  /** Spans that start in [startNs, endNs) take part. */
  readonly startNs: number;
  readonly endNs: number;
}

export interface SideInput {
  /** "" = the file names. */
  readonly label: string;
  readonly parts: readonly SidePart[];
  readonly itemsPerStep: number | null;
}

/** A kept step: its spans are those launched in [launchStartNs, launchEndNs), its time is [startNs, endNs). */
export interface Step {
  readonly part: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly launchStartNs: number;
  readonly launchEndNs: number;
}

export interface SideSteps {
  readonly rule: StepRule;
  /** Kept ones, part after part, in time order. */
  readonly kept: readonly Step[];
  /** `kept[i]` is `records[recordOf[i]]`. */
  readonly recordOf: readonly number[];
  readonly records: readonly StepRecord[];
}
