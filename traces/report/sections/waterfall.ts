import { formatDelta } from "../../compare/words.ts";
import type { Waterfall } from "../../compare/comparison.ts";
import type { Block } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const waterfall: ReportSection = {
  id: "waterfall",
  title: "Where the difference comes from",
  build: ({ summary }) =>
    summary.waterfall.bars.length < 2
      ? null
      : [
          ...bars("Step, every nanosecond with one owner", summary.waterfall),
          ...(summary.workWaterfall === null ? [] : bars("Device work, overlap and idle time", summary.workWaterfall)),
        ],
};

function bars(label: string, { bars, residualNs }: Waterfall): readonly Block[] {
  return [
    { kind: "waterfall", label, bars },
    {
      kind: "text",
      text: `The changes sum to the difference; residual ${formatDelta(Math.abs(residualNs) < 0.5 ? 0 : residualNs)}.`,
      tone: "muted",
    },
  ];
}
