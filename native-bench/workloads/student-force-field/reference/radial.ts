import { radialCenters, radialWidth, type Architecture } from "../model/architecture.ts";

/** Radial functions and their derivatives at one distance. */
export interface RadialValues {
  /** ρ_k(d) = exp(−(d − μ_k)²/w²) · ½(cos(πd/r_c) + 1); zero from r_c on. */
  readonly rho: Float64Array;
  /** dρ_k/dd, 1/Å. */
  readonly slope: Float64Array;
}

export function createRadial(architecture: Architecture): (distance: number) => RadialValues {
  const centers = radialCenters(architecture);
  const inverseSquare = 1 / radialWidth(architecture) ** 2;
  const { cutoff } = architecture;
  return (distance) => {
    const rho = new Float64Array(centers.length);
    const slope = new Float64Array(centers.length);
    if (distance >= cutoff) return { rho, slope };
    const phase = (Math.PI * distance) / cutoff;
    const envelope = 0.5 * (Math.cos(phase) + 1);
    const envelopeSlope = (-Math.PI / (2 * cutoff)) * Math.sin(phase);
    for (let k = 0; k < centers.length; k++) {
      const offset = distance - centers[k];
      const gaussian = Math.exp(-offset * offset * inverseSquare);
      rho[k] = gaussian * envelope;
      slope[k] = gaussian * (envelopeSlope - 2 * offset * inverseSquare * envelope);
    }
    return { rho, slope };
  };
}
