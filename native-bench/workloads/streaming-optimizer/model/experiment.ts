/** One XPCS measurement: a two-time correlation map g2(φ, t1, t2) per angle on one square time grid. */
export interface Experiment {
  /** Magnitude q of the wave vector in 1/Å. */
  readonly wavevector: number;
  /** Gap L of the shear cell in Å. */
  readonly gapAngstrom: number;
  /** Step dt of the time grid in s; times are i·dt. */
  readonly timeStepSeconds: number;
  /** Times of the grid, n; a map has n² points. */
  readonly timeCount: number;
  readonly anglesDegrees: readonly number[];
}

const referenceDurationSeconds = 100;

/** The geometry of the benchmark experiments: q = 0.0054 1/Å, L = 2e6 Å, 100 s, angles evenly around the circle. */
export function createReferenceExperiment(timeCount: number, angleCount: number): Experiment {
  return {
    wavevector: 0.0054,
    gapAngstrom: 2e6,
    timeStepSeconds: referenceDurationSeconds / (timeCount - 1),
    timeCount,
    anglesDegrees:
      angleCount === 1 ? [0] : Array.from({ length: angleCount }, (_, angle) => -180 + (360 * angle) / angleCount),
  };
}

/** Angles of a shear experiment; a quiescent one has a single map. */
export const referenceAngleCount = 23;

/** The square grid with the fewest points that has at least `pointCount` of them over `angleCount` maps. */
export function chooseTimeCount(pointCount: number, angleCount: number): number {
  return Math.max(2, Math.ceil(Math.sqrt(pointCount / angleCount) - 1e-9));
}

export const countPoints = ({ anglesDegrees, timeCount }: Experiment): number => anglesDegrees.length * timeCount ** 2;

/** Exponent factor k2 = −q²·dt of e = exp(k2·|ΔS|), in 1/(Å²/s × steps). */
export const diffusionFactor = ({ wavevector, timeStepSeconds }: Experiment): number =>
  -(wavevector ** 2) * timeStepSeconds;

/** κ = q·L·dt/(2π), so that Φ = κ·cos(φ0 − φ)·|ΔG|. */
export const shearFactor = ({ wavevector, gapAngstrom, timeStepSeconds }: Experiment): number =>
  (wavevector * gapAngstrom * timeStepSeconds) / (2 * Math.PI);
