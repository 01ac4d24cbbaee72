/** Values that several configurations of a run have in common. */
export interface SharedParts {
  share<T>(key: string, make: () => Promise<T>, dispose?: (value: T) => Promise<void>): Promise<T>;
  /** Disposes all, the newest first. */
  dispose(): Promise<void>;
}

export function createSharedParts(): SharedParts {
  const parts = new Map<string, Promise<unknown>>();
  const disposals: (() => Promise<void>)[] = [];
  return {
    async share<T>(key: string, make: () => Promise<T>, dispose?: (value: T) => Promise<void>) {
      const known = parts.get(key);
      // Each key belongs to one caller, and so to one type.
      if (known !== undefined) return await (known as Promise<T>);
      const made = make();
      parts.set(key, made);
      try {
        const value = await made;
        if (dispose !== undefined) disposals.push(() => dispose(value));
        return value;
      } catch (error) {
        parts.delete(key);
        throw error;
      }
    },
    async dispose() {
      parts.clear();
      for (const dispose of disposals.splice(0).toReversed()) await dispose();
    },
  };
}
