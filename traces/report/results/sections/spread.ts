import type { MeasurementRow } from "../../../compare/measurements/measurement-comparison.ts";
import type { Block } from "../../block.ts";
import type { ReportSection } from "../../report-section.ts";
import type { ResultsReport } from "../results-report.ts";

/** Measurements whose repetitions are drawn: those that changed most. */
const mostCurves = 6;

export const spread: ReportSection<ResultsReport> = {
  id: "spread",
  title: "Repetitions of the largest changes",
  build: ({ comparison: { rows } }) => {
    const drawn = rows.filter(({ before, after }) => before.length > 2 && after.length > 2).slice(0, mostCurves);
    return drawn.length === 0 ? null : drawn.flatMap(draw);
  },
};

function draw({ name, unit, before, after }: MeasurementRow): readonly Block[] {
  const ascending = (values: readonly number[]): readonly number[] => values.toSorted((x, y) => x - y);
  return [
    { kind: "text", text: name, tone: "plain" },
    {
      kind: "ecdf",
      label: name,
      unit,
      series: [
        { label: "before", values: ascending(before) },
        { label: "after", values: ascending(after) },
      ],
    },
  ];
}
