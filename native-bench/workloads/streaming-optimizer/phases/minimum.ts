import type { NormalEquations } from "../evaluators/normal-equations.ts";

/** Where phase 2 ended. */
export interface Minimum {
  /** In normalised parameters. */
  readonly x: Float64Array;
  /** At x, normalised, float64. */
  readonly equations: NormalEquations;
  readonly iterations: number;
  readonly stop: string;
  /** Whether the stop says that x is a minimum. */
  readonly converged: boolean;
  /** Label of the engine that computed `equations`. */
  readonly engine: string;
}
