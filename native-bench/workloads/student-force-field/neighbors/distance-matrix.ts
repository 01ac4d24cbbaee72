import { UnavailableError } from "../../../plan/availability.ts";
import { PairListBuilder, type PairList } from "./pair-list.ts";

const largestAtomCount = 8192;

/**
 * Fills the whole N×N matrix of squared distances, then reads the pairs off: what a tensor library does without a
 * neighbor search, and the method of the roadmap. Kept as the baseline. Molecules only.
 */
export function findPairsByMatrix(positions: Float64Array, cutoff: number): PairList {
  const atomCount = positions.length / 3;
  if (atomCount > largestAtomCount) {
    throw new UnavailableError(
      `the distance matrix of ${atomCount} atoms needs ${Math.round((8 * atomCount ** 2) / 2 ** 20)} MiB; it is offered up to ${largestAtomCount} atoms`,
    );
  }
  const squares = new Float64Array(atomCount * atomCount);
  for (let i = 0; i < atomCount; i++) {
    for (let j = 0; j < atomCount; j++) {
      const x = positions[3 * j] - positions[3 * i];
      const y = positions[3 * j + 1] - positions[3 * i + 1];
      const z = positions[3 * j + 2] - positions[3 * i + 2];
      squares[i * atomCount + j] = x * x + y * y + z * z;
    }
  }
  const builder = new PairListBuilder(atomCount);
  const limit = cutoff * cutoff;
  for (let i = 0; i < atomCount; i++) {
    for (let j = i + 1; j < atomCount; j++) {
      if (squares[i * atomCount + j] > limit) continue;
      builder.add(
        i,
        j,
        positions[3 * j] - positions[3 * i],
        positions[3 * j + 1] - positions[3 * i + 1],
        positions[3 * j + 2] - positions[3 * i + 2],
      );
    }
  }
  return builder.finish();
}
