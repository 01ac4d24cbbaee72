import type { ReportSection } from "../report-section.ts";
import type { ResultsReport } from "./results-report.ts";
import { conditions } from "./sections/conditions.ts";
import { measurements } from "./sections/measurements.ts";
import { scaling } from "./sections/scaling.ts";
import { spread } from "./sections/spread.ts";
import { verdict } from "./sections/verdict.ts";

/** Sections of a report of benchmark results, in the order in which it shows them. */
export const resultsSections: readonly ReportSection<ResultsReport>[] = [
  verdict,
  measurements,
  scaling,
  spread,
  conditions,
];
