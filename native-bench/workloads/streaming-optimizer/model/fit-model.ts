import type { Experiment } from "./experiment.ts";
import type { Transport } from "./time-tables.ts";

/** One fitted parameter, with the values of the benchmark experiments. */
export interface ParameterSpec {
  readonly name: string;
  readonly unit: string;
  readonly lower: number;
  readonly upper: number;
  /** Value that synthetic experiments are made with. */
  readonly truth: number;
  /** Where fits start unless told otherwise. */
  readonly start: number;
}

/**
 * What a fit varies. Models differ in physics and in how parameters map to it; the kernels know two shapes of physics,
 * with and without flow, and one scaling pair (contrast, offset) an angle.
 */
export interface FitModel {
  readonly id: string;
  readonly label: string;
  /** Whether shear enters: nine columns a point instead of five. */
  readonly hasFlow: boolean;
  parameters(experiment: Experiment): readonly ParameterSpec[];
  transport(parameters: ArrayLike<number>): Transport;
  /** Contrast and offset of one angle. */
  scaling(parameters: ArrayLike<number>, angle: number): readonly [contrast: number, offset: number];
  /**
   * For each column of a point at `angle`, in the order contrast, offset, D0, α, Doff [, γ̇0, β, γ̇off, φ0], the parameter it
   * belongs to. Models whose columns are the same at all angles return the same array for each.
   */
  columns(angle: number): readonly number[];
  /** Angles that share one scaling pair can be summed before they meet the rows; null: all of them. */
  readonly scalingPerAngle: boolean;
  /**
   * Fewer points pin the parameters down so badly that the minimum of a sample lies outside of the quadratic basin of the whole: measured
   * on the benchmark experiments, where flow parameters nearly cancel.
   */
  readonly leastSamplePoints: number;
  /**
   * The kernels compute another model, whose parameters follow from these; absent: this one. `scaling` and `columns` are then those of
   * the means.
   */
  readonly reduction?: ModelReduction;
}

/** q = M·p: one row of M for each parameter of `base`. */
export interface ModelReduction {
  readonly base: FitModel;
  matrix(experiment: Experiment): readonly Float64Array[];
}

export const countColumns = ({ hasFlow }: FitModel): number => (hasFlow ? 9 : 5);

/** Bounds, benchmark truth and benchmark start of the quantities that all models share. */
export const xpcsParameters = {
  contrast: { name: "contrast", unit: "", lower: 0, upper: 1, truth: 0.3, start: 0.2 },
  offset: { name: "offset", unit: "", lower: 0.5, upper: 1.5, truth: 1, start: 1.02 },
  diffusion: { name: "D0", unit: "Å²/s", lower: 100, upper: 1e5, truth: 1500, start: 1000 },
  diffusionExponent: { name: "alpha", unit: "", lower: -2, upper: 2, truth: -0.4, start: -0.2 },
  diffusionOffset: { name: "Doff", unit: "Å²/s", lower: -1e5, upper: 1e5, truth: 20, start: 50 },
  shearRate: { name: "gamma0", unit: "1/s", lower: 1e-6, upper: 0.5, truth: 1e-4, start: 2e-4 },
  shearExponent: { name: "beta", unit: "", lower: -2, upper: 2, truth: -0.2, start: -0.1 },
  shearOffset: { name: "gammaOff", unit: "1/s", lower: -0.1, upper: 0.1, truth: 1e-5, start: 0 },
  flowAngle: { name: "phi0", unit: "°", lower: -10, upper: 10, truth: 5, start: 0 },
} as const satisfies Readonly<Record<string, ParameterSpec>>;
