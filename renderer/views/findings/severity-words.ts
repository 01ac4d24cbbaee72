import type { Severity } from "../../../traces/advise/advice.ts";

/** Shape and word, so that the color is not alone. */
export const severityWords: Readonly<Record<Severity, string>> = {
  critical: "▲▲ critical",
  high: "▲ high",
  medium: "● medium",
  low: "○ low",
  info: "i note",
};
