/** Writes times of a trace as decimal microseconds on the clock of its file, exact to the nanosecond. */
export function createMicrosWriter(originClockNs: bigint): (timeNs: number) => string {
  let baseMicros = originClockNs / 1000n;
  let baseNs = Number(originClockNs % 1000n);
  if (baseNs < 0) {
    baseNs += 1000;
    baseMicros -= 1n;
  }
  const isSafe = baseMicros >= 0n && baseMicros < BigInt(Number.MAX_SAFE_INTEGER) / 2n;
  const base = Number(baseMicros);
  return (timeNs) => {
    if (!isSafe) return formatSigned(originClockNs + BigInt(timeNs));
    const ns = timeNs + baseNs;
    return `${base + Math.floor(ns / 1000)}.${threeDigits(ns % 1000)}`;
  };
}

/** A duration in whole ns as decimal microseconds. */
export function formatMicros(ns: number): string {
  return `${Math.floor(ns / 1000)}.${threeDigits(ns % 1000)}`;
}

const threeDigits = (value: number): string => String(value).padStart(3, "0");

function formatSigned(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  return `${ns < 0n ? "-" : ""}${size / 1000n}.${threeDigits(Number(size % 1000n))}`;
}
