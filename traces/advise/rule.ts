import type { Step } from "../compare/side.ts";
import type { Intervals } from "./intervals.ts";
import type { Scene } from "./scene.ts";

/** One way in which programs lose time. One rule is one file in `rules/` and one line in `registry.ts`. */
export interface AdviceRule {
  /** "R04"; stable, reports and scripts refer to it. */
  readonly id: string;
  readonly title: string;
  readonly fix: string;
  readonly howToVerify: string;
  /** Fires only where the lower end of the 95 % interval of the lost share of a step is above this. */
  readonly threshold: number;
  /** What is lost are the spans of the evidence themselves, so that a replay without them tells what a change would bring. */
  readonly losesEvidence?: true;
  /** Null: looked, and nothing is there. */
  readonly look: (scene: Scene) => Sighting | Missing | null;
}

/** What a rule needs and the trace does not have. */
export interface Missing {
  readonly missing: string;
}

export interface Sighting {
  /** Times that the change could save, of which it saves `parts`. */
  readonly lost: Intervals;
  /** Parts of `lost` that a change saves: at the least, most likely, at best. */
  readonly parts: { readonly low: number; readonly mid: number; readonly high: number };
  /** What the lost time is a part of, in time order; the steps of the scene where absent. */
  readonly steps?: readonly Step[];
  readonly confidence: number;
  /** SpanIds that show it, any order. */
  readonly evidence: readonly number[];
  readonly describe: (lost: LostTime) => string;
  /** What to change here, where that is not the same for every trace. */
  readonly fix?: string;
  /** True: no time is lost, but numbers of this trace mean something else. */
  readonly isNote?: boolean;
}

/** `Sighting.lost` in the steps. */
export interface LostTime {
  /** "a step", or "the trace" where no steps repeat. */
  readonly each: string;
  /** Of the mean step. */
  readonly share: number;
  readonly perStepNs: number;
  readonly evidencePerStep: number;
}

export function isMissing(result: Sighting | Missing): result is Missing {
  return "missing" in result;
}
