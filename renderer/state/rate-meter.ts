export interface RateMeter {
  /** Takes how far it is at `nowMs`; returns the speed of late, per second. Null before a second of it was seen. */
  add(nowMs: number, done: number): number | null;
}

const windowMs = 1000;

/**
 * How fast something goes now: the average since the start would count what came before the work itself, such as
 * opening the file, and tell of times that are several times too long.
 */
export function createRateMeter(): RateMeter {
  const seen: { readonly atMs: number; readonly done: number }[] = [];
  return {
    add(atMs, done) {
      seen.push({ atMs, done });
      // The first that stays is the last from before the window.
      while (seen.length > 2 && atMs - (seen[1]?.atMs ?? atMs) >= windowMs) seen.shift();
      const [first] = seen;
      if (first === undefined || atMs - first.atMs < windowMs) return null;
      return ((done - first.done) * 1000) / (atMs - first.atMs);
    },
  };
}
