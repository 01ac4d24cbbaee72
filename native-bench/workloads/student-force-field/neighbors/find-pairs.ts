import { UserFacingError } from "../../../../traces/model/errors.ts";
import { UnavailableError } from "../../../plan/availability.ts";
import type { Structure } from "../structures/structure.ts";
import { measureCell } from "./cell-geometry.ts";
import { findPairsByCells, findPeriodicPairsByCells } from "./cell-list.ts";
import { findPairsByMatrix } from "./distance-matrix.ts";
import { findPairsByHalf, findPeriodicPairsByHalf } from "./half-pairs.ts";
import type { PairList, PairMemory } from "./pair-list.ts";

/** How pairs within the cutoff are found. All give the same pairs. */
export const neighborMethods = ["auto", "matrix", "half", "cells"] as const;
export type NeighborMethod = (typeof neighborMethods)[number];

/** Atoms from which bins pay; measured on boxes of water, see `npm run bench:student`. */
export const crossoverAtomCount = 300;

/**
 * All pairs with |x_j + shift − x_i| ≤ cutoff (Å), compared as squares in float64. `memory`, if there is one, may hold the
 * list, which then is valid until the next one is found with it.
 */
export function findPairs(
  structure: Structure,
  cutoff: number,
  method: NeighborMethod = "auto",
  memory: PairMemory | null = null,
): PairList {
  const { positions, cell } = structure;
  checkPositions(structure);
  const chosen = method === "auto" ? chooseMethod(structure) : method;
  switch (chosen) {
    case "matrix":
      if (cell === null) return findPairsByMatrix(positions, cutoff);
      throw new UnavailableError(`${structure.name} is periodic; the distance matrix is offered for molecules only`);
    case "half":
      return cell === null
        ? findPairsByHalf(positions, cutoff)
        : findPeriodicPairsByHalf(positions, cutoff, measureCell(cell, structure.name));
    case "cells":
      return cell === null
        ? findPairsByCells(positions, cutoff, memory)
        : findPeriodicPairsByCells(positions, cutoff, measureCell(cell, structure.name), memory);
  }
}

function chooseMethod({ atomicNumbers }: Structure): "half" | "cells" {
  return atomicNumbers.length < crossoverAtomCount ? "half" : "cells";
}

/** A coordinate that is not a number would be nobody's neighbor, in silence. */
function checkPositions({ name, positions }: Structure): void {
  // A plain loop: a callback for every coordinate costs as much as sorting the atoms.
  for (let at = 0; at < positions.length; at++) {
    if (Number.isFinite(positions[at])) continue;
    throw new UserFacingError(`${name}: ${"xyz"[at % 3]} of atom ${Math.floor(at / 3) + 1} is ${positions[at]}`);
  }
}
