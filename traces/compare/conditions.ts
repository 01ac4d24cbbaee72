import { formatCounted } from "../model/format-units.ts";

/** Facts that say what numbers hold for, in this order. */
const telling = [/\bgpu\b/i, /\bdevice\b|processor|\bcpu\b(?!s)/i, /backend/i, /precision|dtype/i];
const mostValues = 4;
const longestValue = 80;

/**
 * What the numbers of a side hold for, for a line below a chart that stands alone: "Intel Xeon, 2 cores; backend
 * onnxruntime-cpu; float32", each value once. Says so where files tell nothing of a machine.
 */
export function conditionsOf(facts: Iterable<readonly [key: string, value: string]>): string {
  const all = [...facts];
  const found = telling.flatMap((pattern) => all.filter(([key]) => pattern.test(key)));
  // "Xeon" says no more than "Xeon, 2 cores".
  const whole = found.filter(([, value]) => !found.some(([, other]) => other.startsWith(`${value},`)));
  const values = [...new Set(whole.map(withName))];
  if (values.length === 0) return "machine not said";
  const rest = values.length - mostValues;
  const shown = values.slice(0, mostValues).map(shorten);
  return [...shown, ...(rest > 0 ? [formatCounted(rest, "fact more", "facts more")] : [])].join("; ");
}

/** "device cuda", "distributed backend nccl": one word alone does not say what it is, but for "float32". */
function withName([key, value]: readonly [key: string, value: string]): string {
  return /[ ,]/.test(value) || /^[a-z]+\d+$/i.test(value) ? value : `${key} ${value}`;
}

const shorten = (value: string): string =>
  value.length <= longestValue ? value : `${value.slice(0, longestValue - 1)}…`;
