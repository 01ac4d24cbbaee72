/** A few values by key; the one not asked for longest goes first. */
export interface Recent<Value> {
  /** The value under `key`, made now when it is not there. A failed `make` leaves nothing behind. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
  /** All of them, the one asked for last at the end. */
  values(): Iterable<Value>;
}

export function createRecent<Value>(limit: number): Recent<Value> {
  const values = new Map<string, Value>();
  return {
    async get(key, make) {
      const value = values.has(key) ? (values.get(key) as Value) : await make();
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= limit) break;
        values.delete(oldest);
      }
      return value;
    },
    values: () => values.values(),
  };
}
