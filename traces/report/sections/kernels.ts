import { formatDelta } from "../../compare/words.ts";
import { formatCount, formatDuration } from "../../model/format-units.ts";
import { cell } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const kernels: ReportSection = {
  id: "kernels",
  title: "Device work by name, whole capture",
  build: ({ kernels: page }) => {
    if (page === null || page.rows.length === 0) return null;
    const { before, after } = page;
    return [
      {
        kind: "text",
        text: `Kernels: ${formatCount(before.count)} of ${formatCount(before.names)} names, ${formatDuration(before.totalNs)} before; ${formatCount(after.count)} of ${formatCount(after.names)} names, ${formatDuration(after.totalNs)} after. Sums of kernel time are no verdict on speed.`,
        tone: "plain",
      },
      {
        kind: "table",
        columns: [
          { title: "Δ", align: "right" },
          { title: "by count", align: "right" },
          { title: "by speed", align: "right" },
          { title: "calls before", align: "right" },
          { title: "calls after", align: "right" },
          { title: "per call before", align: "right" },
          { title: "per call after", align: "right" },
          { title: "name", align: "left" },
        ],
        rows: page.rows.map((row) => [
          cell(formatDelta(row.deltaNs), row.deltaNs),
          cell(formatDelta(row.countEffectNs), row.countEffectNs),
          cell(formatDelta(row.speedEffectNs), row.speedEffectNs),
          cell(formatCount(row.before?.count ?? 0), row.before?.count ?? 0),
          cell(formatCount(row.after?.count ?? 0), row.after?.count ?? 0),
          cell(row.before === null ? "–" : formatDuration(row.before.meanNs), row.before?.meanNs ?? 0),
          cell(row.after === null ? "–" : formatDuration(row.after.meanNs), row.after?.meanNs ?? 0),
          cell(row.name),
        ]),
        omitted: page.rowCount - page.rows.length,
      },
    ];
  },
};
