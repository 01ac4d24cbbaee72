import { UserFacingError } from "../../../../traces/model/errors.ts";
import type { Architecture } from "../model/architecture.ts";
import type { Structure } from "./structure.ts";

/** Throws UserFacingError for elements that the embedding does not know. */
export function checkStructure({ name, atomicNumbers }: Structure, { maxAtomicNumber }: Architecture): void {
  const bad = atomicNumbers.findIndex((number) => number < 0 || number > maxAtomicNumber);
  if (bad >= 0) {
    throw new UserFacingError(
      `${name}: atom ${bad + 1} has atomic number ${atomicNumbers[bad]}; the network knows 0 to ${maxAtomicNumber}`,
    );
  }
  if (atomicNumbers.length === 0) throw new UserFacingError(`${name} has no atoms`);
}
