/** A whole number as JSON: a number while every reader gets it exactly (to 2^53), else decimal text. */
export function toJsonInteger(value: number | string | bigint): number | string {
  const exact = BigInt(value);
  return exact <= largest && exact >= -largest ? Number(exact) : String(exact);
}

/** Means and the like are no integers: rounded to whole ns, as all times in our JSON are. */
export function toJsonNs(ns: number): number | string {
  return toJsonInteger(Math.round(ns));
}

const largest = 2n ** 53n;
