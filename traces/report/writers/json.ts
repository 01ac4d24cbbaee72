import type { ReportPage } from "../report-page.ts";

/** Everything, for programs: typed arrays as arrays, what is not finite as text ("Infinity", "NaN"). */
export function writeJson({ data }: ReportPage): string {
  return `${JSON.stringify(data, toPlain, 1)}\n`;
}

function toPlain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}
