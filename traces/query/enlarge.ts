/** `larger`, with `values` at its beginning. */
export function enlarge<T extends Uint32Array | Int32Array | Float64Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
