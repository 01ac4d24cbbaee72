import { formatCount } from "../../model/format-units.ts";
import type { AdviceRule } from "../rule.ts";

/** The file is cut or lost events: sums and counts are too small. */
export const incompleteCapture: AdviceRule = {
  id: "I12",
  title: "The capture is not complete",
  fix: "Capture again, for a shorter time or with larger buffers.",
  howToVerify: "The import drops nothing, and the file ends where its writer ended it.",
  threshold: 0,
  look({ trace }) {
    const { truncatedAtByte, dropped } = trace.meta.ledger;
    const lost = dropped.filter(({ level }) => level === "warning");
    const count = lost.reduce((sum, line) => sum + line.count, 0);
    if (truncatedAtByte === undefined && count === 0) return null;
    const cut = truncatedAtByte === undefined ? "" : `The file breaks off at byte ${formatCount(truncatedAtByte)}. `;
    const less = count === 0 ? "" : `${formatCount(count)} events could not be kept. `;
    return {
      lost: [],
      parts: { low: 0, mid: 0, high: 0 },
      confidence: 1,
      evidence: [],
      isNote: true,
      describe: () => `${cut}${less}Counts and sums of this trace are too small.`,
    };
  },
};
