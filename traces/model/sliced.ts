/**
 * A computation that pauses after every few milliseconds of work, so that its caller can answer something else
 * first or give up. Each `next()` does one slice.
 */
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Spans looked at between two pauses: 1–3 ms of work. */
export const spansPerSlice: number = 1 << 15;

/** Runs a sliced computation to its end in one go. */
export function runSliced<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
