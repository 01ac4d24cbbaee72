import { formatDuration } from "../../model/format-units.ts";
import type { ReportSection } from "../report-section.ts";

export const steps: ReportSection = {
  id: "steps",
  title: "The median and the longest step",
  build: ({ summary }) =>
    summary.exampleSteps.length === 0
      ? null
      : [
          {
            kind: "stack",
            label: "Time of one step by what owns it",
            rows: summary.exampleSteps.map(({ side, which, durationNs, parts }) => ({
              label: `${which} step ${side}, ${formatDuration(durationNs)}`,
              parts,
            })),
          },
        ],
};
