import type { Sliced } from "../model/sliced.ts";

/** Values that get to another place between two pauses: each may be the first to touch a page of fresh memory. */
const valuesAtOnce = 1 << 17;

/** `larger`, with `values` at its beginning and `rest` behind them, if that is not the 0 that fresh memory holds. */
export function* enlarge<T extends Uint32Array | Int32Array | Float64Array>(
  values: T,
  larger: T,
  rest: number = 0,
): Sliced<T> {
  const { length } = values;
  for (let at = 0; at < length; at += valuesAtOnce) {
    if (at > 0) yield;
    larger.set(values.subarray(at, at + valuesAtOnce), at);
  }
  if (rest === 0) return larger;
  for (let at = length; at < larger.length; at += valuesAtOnce) {
    if (at > 0) yield;
    larger.fill(rest, at, at + valuesAtOnce);
  }
  return larger;
}
