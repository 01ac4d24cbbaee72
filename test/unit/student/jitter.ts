import { createRandom } from "../../../native-bench/samples/seeded-random.mjs";
import { perturb } from "../../../native-bench/workloads/student-force-field/structures/perturb.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";

/** Moves every atom a little: exact symmetry hides errors, and |v| has no gradient where v cancels to zero. */
export function jitter(structure: Structure, sigma = 0.02, seed = 5): Structure {
  return perturb(structure, sigma, createRandom(seed));
}
