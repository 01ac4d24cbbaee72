/** Whole ns since the run began. Monotonic; the same instant reads the same in every thread of the run. */
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
 * A clock for this thread. `process.hrtime` is quicker to read than `performance.now`, and has no origin of its own in
 * each thread. Compiled code brings its 64 bits into the array as they are; a `BigInt` to calculate with would be an
 * object for every reading.
 */
export function createRunClock({ monotonicNs }: ClockOrigin, read = process.hrtime.bigint): RunClock {
  const reading = new BigInt64Array([monotonicNs]);
  const words = new Int32Array(reading.buffer);
  // Each word apart: their differences are exact, as the whole would not be beyond 2^53 ns (104 days) of uptime.
  const low = isLittleEndian ? 0 : 1;
  const high = 1 - low;
  const originLow = words[low] >>> 0;
  const originHigh = words[high];
  return () => {
    reading[0] = read();
    return (words[high] - originHigh) * 2 ** 32 + ((words[low] >>> 0) - originLow);
  };
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
