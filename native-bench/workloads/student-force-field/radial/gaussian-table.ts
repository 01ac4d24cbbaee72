import type { Architecture } from "../model/architecture.ts";
import { createRadial } from "../reference/radial.ts";
import type { RadialTable } from "./radial-table.ts";

/** The radial functions ρ(d) themselves, for any distance up to the cutoff. */
export function createGaussianTable(architecture: Architecture): RadialTable {
  const radial = createRadial(architecture);
  return {
    start: 0,
    end: architecture.cutoff,
    width: architecture.radialCount,
    interpolate(at, value, slope, offset) {
      const { rho, slope: rhoSlope } = radial(at);
      value.set(rho, offset);
      slope.set(rhoSlope, offset);
    },
  };
}
