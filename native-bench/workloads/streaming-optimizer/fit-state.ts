import type { PassKind } from "./evaluators/evaluator.ts";
import type { PartialPass } from "./pass-runner.ts";
import type { WarmUpReport } from "./phases/warm-up.ts";
import type { LevenbergMarquardtState } from "./solver/levenberg-marquardt.ts";
import type { GaussNewtonState } from "./solver/nlsq-gauss-newton.ts";

/** Everything a fit needs to go on: plain data, saved as a checkpoint. Vectors are in normalised parameters. */
export interface FitState {
  /** Where phase 2 starts. */
  x: Float64Array;
  /** What phase 1 did; null before its end, it is then done again. */
  warmUp: WarmUpReport | null;
  /** Phase 2 of mode deltaflame; null before its first pass. */
  fused: FusedState | null;
  /** Phase 2 of mode nlsq; null before its first iteration. */
  nlsq: GaussNewtonState | null;
  /** A pass that was interrupted. */
  pass: PartialPass | null;
  passCounts: Record<PassKind, number>;
  /** Points that were left out in the last pass because they are not finite. */
  maskedCount: number;
}

export interface FusedState {
  readonly precision: "f32" | "f64";
  readonly solver: LevenbergMarquardtState;
}
