import type { ComparisonReport } from "../report.ts";

/** Everything, for programs: typed arrays as arrays, what is not finite as text ("Infinity", "NaN"). */
export function writeJson(report: ComparisonReport): string {
  return `${JSON.stringify(report, toPlain, 1)}\n`;
}

function toPlain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}
