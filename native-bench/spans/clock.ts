/** ns since the run began. Monotonic; the same instant reads the same in every thread of the run. */
export type RunClock = () => number;

/** The beginning of a run on the clock that all threads of a process share; plain data for worker threads. */
export interface ClockOrigin {
  /** `process.hrtime` at the beginning, ns. */
  readonly monotonicNs: bigint;
  /** The same instant as Unix time, ns. */
  readonly unixNs: bigint;
}

export function startClock(): ClockOrigin {
  return {
    monotonicNs: process.hrtime.bigint(),
    unixNs: BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)),
  };
}

/**
 * A clock for this thread. `performance.now` is quicker to read than `hrtime` but starts with the thread, so the
 * difference of the two is taken once, from the closest of several readings.
 */
export function createRunClock({ monotonicNs }: ClockOrigin): RunClock {
  let closestNs = Infinity;
  let offsetMs = 0;
  for (let reading = 0; reading < readings; reading++) {
    const before = process.hrtime.bigint();
    const nowMs = performance.now();
    const after = process.hrtime.bigint();
    const gapNs = Number(after - before);
    if (gapNs >= closestNs) continue;
    closestNs = gapNs;
    offsetMs = (Number(before - monotonicNs) + gapNs / 2) / 1e6 - nowMs;
  }
  const { performance: clock } = globalThis;
  return () => (clock.now() + offsetMs) * 1e6;
}

const readings = 20;
