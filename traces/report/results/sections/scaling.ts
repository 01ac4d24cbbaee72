import { describeScaling } from "../../scaling-blocks.ts";
import type { ReportSection } from "../../report-section.ts";
import type { ResultsReport } from "../results-report.ts";

export const scaling: ReportSection<ResultsReport> = {
  id: "scaling",
  title: "Scaling curves",
  build: ({ comparison }) => (comparison.scaling.length === 0 ? null : comparison.scaling.flatMap(describeScaling)),
};
