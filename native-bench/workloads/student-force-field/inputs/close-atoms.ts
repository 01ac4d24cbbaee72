import { UserFacingError } from "../../../../traces/model/errors.ts";
import type { PairList } from "../neighbors/pair-list.ts";

/** Throws UserFacingError for the first two atoms of a structure that are closer than `least`, Å, or at one place. */
export function checkDistances(name: string, { pairCount, first, second, vectors }: PairList, least: number): void {
  for (let pair = 0; pair < pairCount; pair++) {
    const distance = Math.hypot(vectors[3 * pair], vectors[3 * pair + 1], vectors[3 * pair + 2]);
    if (distance < least || distance === 0) throw clashOf(name, first[pair], second[pair], distance, least);
  }
}

/** Atoms counted from 0, distances in Å. */
export function clashOf(name: string, first: number, second: number, distance: number, least: number): UserFacingError {
  const atoms = `${name}: atoms ${first + 1} and ${second + 1} are`;
  if (distance === 0)
    return new UserFacingError(`${atoms} at the same place, where forces between them have no direction`);
  return new UserFacingError(
    `${atoms} ${distance.toFixed(3)} Å apart; the radial table begins at ${least} Å. The naive variants take any distance`,
  );
}
