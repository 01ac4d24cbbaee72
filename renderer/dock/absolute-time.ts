import type { TraceSummary } from "../../electron/contract/engine-contract.ts";

/** A time of the trace on the calendar, to the microsecond; null when the clock of the file is not tied to one. */
export function absoluteTime(summary: TraceSummary | null, timeNs: number): string | null {
  if (summary?.originUnixNs == null) return null;
  const unixNs = BigInt(summary.originUnixNs) + BigInt(Math.round(timeNs));
  const date = new Date(Number(unixNs / 1_000_000n));
  if (Number.isNaN(date.getTime())) return null;
  const microseconds = String((unixNs / 1000n) % 1_000_000n).padStart(6, "0");
  const pad = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${microseconds}`;
}
