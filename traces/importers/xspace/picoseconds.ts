import { remainderScale, roundHalfEven } from "../json-scan/decimal.ts";

/** A time as the file gives it: exact, a bigint beyond 2^53. */
export type Picoseconds = number | bigint;

const picosPerNano = 1000;

/** Sum of two times, exact. */
export function addPicos(a: Picoseconds, b: Picoseconds): Picoseconds {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(a) + BigInt(b);
}

/** The time is no whole number of nanoseconds. */
export function isFine(picos: Picoseconds): boolean {
  return typeof picos === "number" ? picos % picosPerNano !== 0 : picos % 1000n !== 0n;
}

/**
 * `lineNs` + `picos` in whole nanoseconds, rounded half to even. Starts and ends are rounded, never durations: so spans
 * that touch go on touching, children stay in their parents, and no sum drifts. Exact while the result is below 2^53.
 */
export function toNanos(lineNs: number, picos: Picoseconds): number {
  if (typeof picos === "bigint") {
    const nanos = picos / 1000n;
    const rest = picos % 1000n;
    return rest < 0n
      ? round(lineNs + Number(nanos) - 1, Number(rest) + picosPerNano)
      : round(lineNs + Number(nanos), Number(rest));
  }
  const rest = picos % picosPerNano;
  const nanos = (picos - rest) / picosPerNano;
  return rest < 0 ? round(lineNs + nanos - 1, rest + picosPerNano) : round(lineNs + nanos, rest);
}

function round(nanos: number, rest: number): number {
  return rest === 0 ? nanos : roundHalfEven(nanos, rest * (remainderScale / picosPerNano));
}
