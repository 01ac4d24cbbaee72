import { useDeferredValue } from "react";
import type {
  RenderedReport,
  ReportRequest,
  ResultsReportRequest,
} from "../../../electron/contract/compare-contract.ts";
import type { EngineClient } from "../../../electron/contract/engine-contract.ts";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import type { ReportFormat } from "../../../traces/report/report.ts";
import type { ResultsQuestion } from "../../state/run-comparison.ts";
import { useApp } from "../../state/store.ts";
import { commandLineOf, curvesFlag } from "./command-line.ts";

/** What a report is asked for, without its format: of traces, or of benchmark results. */
export type ReportQuestion =
  | { readonly command: "report.render"; readonly request: Omit<ReportRequest, "format"> }
  | { readonly command: "report.results"; readonly request: Omit<ResultsReportRequest, "format"> };

/** Title, sections and the rest as the form stands; what is typed comes a little later. */
function useLook(standardTitle: string) {
  const typedTitle = useApp((state) => state.reportTitle);
  const hiddenSections = useApp((state) => state.hiddenSections);
  const version = useApp((state) => state.facts?.version ?? "unknown");
  const sides = useApp((state) => state.compareSides);
  const tabs = useApp((state) => state.tabs);
  const options = useApp((state) => state.compareOptions);
  const items = useApp((state) => state.itemsPerStep);
  const title = useDeferredValue(typedTitle ?? standardTitle);
  return {
    title: title.trim() === "" ? standardTitle : title,
    commandLine: commandLineOf(sides, tabs, options, items),
    version,
    hiddenSections,
  };
}

export function useReportQuestion(summary: ComparisonSummary): ReportQuestion {
  const claims = useDeferredValue(useApp((state) => state.claimsText)).trim();
  const look = useLook(titleOf(summary));
  const { before, after } = useApp((state) => state.reportCurves);
  const curves = before === null || after === null ? null : { before, after };
  return {
    command: "report.render",
    request: {
      ...look,
      commandLine: look.commandLine === null ? null : `${look.commandLine}${curvesFlag(curves)}`,
      comparison: summary.comparison,
      claims: claims === "" ? null : claims,
      scaling: curves === null ? null : { before: curves.before.token, after: curves.after.token },
    },
  };
}

export function useResultsQuestion(result: MeasurementComparison, question: ResultsQuestion): ReportQuestion {
  const look = useLook(resultsTitleOf(result));
  return { command: "report.results", request: { ...look, ...question } };
}

/** Asks the engine for the report in a format. */
export function renderWith(
  engine: EngineClient,
  question: ReportQuestion,
  format: ReportFormat,
): Promise<RenderedReport> {
  return question.command === "report.render"
    ? engine.call("report.render", { ...question.request, format })
    : engine.call("report.results", { ...question.request, format });
}

/** "before.json → after.json". */
export function titleOf({ before, after }: ComparisonSummary): string {
  return `${before.label} → ${after.label}`;
}

export function resultsTitleOf({ before, after }: MeasurementComparison): string {
  return `${before.join(", ")} → ${after.join(", ")}`;
}

/** Formats in the order of the buttons; the PDF is printed from the page. */
export const exportFormats = [
  { id: "html", title: "HTML", hint: "One page that opens anywhere, without a network" },
  { id: "pdf", title: "PDF", hint: "The page, printed on A4" },
  { id: "markdown", title: "Markdown", hint: "For a pull request" },
  { id: "json", title: "JSON", hint: "Everything, for programs" },
  { id: "junit", title: "JUnit", hint: "One test case a row, for CI" },
] as const satisfies readonly { readonly id: ReportFormat | "pdf"; readonly title: string; readonly hint: string }[];

export type ExportFormat = (typeof exportFormats)[number]["id"];
