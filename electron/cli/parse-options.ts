import { UsageError } from "./usage-error.ts";

/** A whole number from 1 up. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count))
    throw new UsageError(`"${text}" is not a whole number from 1 up`);
  return count;
}

/** A whole number of ns since the origin of the trace; may be negative. */
export function parseNs(text: string): number {
  const ns = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(ns)) throw new UsageError(`"${text}" is not a whole number of ns`);
  return ns;
}
