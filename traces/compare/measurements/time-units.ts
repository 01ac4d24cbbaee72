import type { Measurement } from "../../measure/measurement.ts";

/** Units of time and how many ns they are; all others are compared as they stand. */
const nanoseconds: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
]);

/** "ns" for all times. */
export function unitOf({ unit }: Measurement): string {
  return nanoseconds.has(unit.symbol) ? "ns" : unit.symbol;
}

/** What turns values into that unit. */
export function scaleOf({ unit }: Measurement): number {
  return nanoseconds.get(unit.symbol) ?? 1;
}
