import { formatCounted } from "../model/format-units.ts";

/** Facts that say what numbers hold for, in this order. */
const telling = [/\bgpu\b/i, /\bdevice\b|processor|\bcpu\b(?!s)/i, /backend/i, /precision|dtype/i];
const mostValues = 4;
const longestValue = 80;

/**
 * What the numbers of a side hold for, for a line below a chart that stands alone: "Intel Xeon, 2 cores; onnxruntime-cpu;
 * float32", each value once. Says so where files tell nothing of a machine.
 */
export function conditionsOf(facts: Iterable<readonly [key: string, value: string]>): string {
  const all = [...facts];
  const found = telling.flatMap((pattern) => all.filter(([key]) => pattern.test(key)).map(([, value]) => value));
  // "Xeon" says no more than "Xeon, 2 cores".
  const values = [...new Set(found)].filter((value) => !found.some((other) => other.startsWith(`${value},`)));
  if (values.length === 0) return "machine not said";
  const rest = values.length - mostValues;
  const shown = values.slice(0, mostValues).map(shorten);
  return [...shown, ...(rest > 0 ? [formatCounted(rest, "fact more", "facts more")] : [])].join("; ");
}

const shorten = (value: string): string =>
  value.length <= longestValue ? value : `${value.slice(0, longestValue - 1)}…`;
