import type { JsonExpectation } from "../../io/json-expectation.ts";

/** A position in a table of `length` rows. */
export function checkedIndex(value: unknown, length: number, where: string, expect: JsonExpectation): number {
  const index = expect.number(where, value);
  if (!Number.isInteger(index) || index < 0 || index >= length) throw expect.error(where, `a number below ${length}`);
  return index;
}

/** The stack below stack `index`: an earlier one, so that no chain of stacks is a circle. */
export function checkedPrefix(value: unknown, index: number, where: string, expect: JsonExpectation): number | null {
  return value === null || value === undefined || value === -1 ? null : checkedIndex(value, index, where, expect);
}
