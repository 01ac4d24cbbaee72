import type { ReportSection } from "../report-section.ts";
import { describeScaling } from "../scaling-blocks.ts";

export const scaling: ReportSection = {
  id: "scaling",
  title: "Scaling curves",
  build: (report) => (report.scaling.length === 0 ? null : report.scaling.flatMap(describeScaling)),
};
