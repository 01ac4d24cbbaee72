import { formatDelta } from "../../compare/words.ts";
import { formatDuration, formatShare } from "../../model/format-units.ts";
import { cell } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const breakdown: ReportSection = {
  id: "breakdown",
  title: "Busy, idle and overlap",
  build: ({ summary: { breakdown: rows, deviceUse } }) => {
    if (rows.length === 0) return null;
    const row = (label: string, before: number, after: number) => [
      cell(label),
      cell(formatDuration(before), before),
      cell(formatDuration(after), after),
      cell(formatDelta(after - before), after - before),
    ];
    const share = (busyNs: number, idleNs: number): number => busyNs / (busyNs + idleNs);
    return [
      {
        kind: "table",
        columns: [
          { title: "mean per step", align: "left" },
          { title: "before", align: "right" },
          { title: "after", align: "right" },
          { title: "Δ", align: "right" },
        ],
        rows: [
          ...rows.map(({ label, beforeNs, afterNs }) => row(label, beforeNs, afterNs)),
          ...(deviceUse === null
            ? []
            : [
                row("Device busy", deviceUse.before.busyNs, deviceUse.after.busyNs),
                row("Device idle", deviceUse.before.idleNs, deviceUse.after.idleNs),
                row("Device overlap", deviceUse.before.overlapNs, deviceUse.after.overlapNs),
              ]),
        ],
        omitted: 0,
      },
      ...(deviceUse === null
        ? []
        : [
            {
              kind: "text",
              text: `A device works ${formatShare(share(deviceUse.before.busyNs, deviceUse.before.idleNs))} of the step before, ${formatShare(share(deviceUse.after.busyNs, deviceUse.after.idleNs))} after.`,
              tone: "plain",
            } as const,
          ]),
    ];
  },
};
