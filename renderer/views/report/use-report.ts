import { useDeferredValue } from "react";
import type { ReportRequest } from "../../../electron/contract/compare-contract.ts";
import type { ComparisonSummary } from "../../../traces/compare/comparison.ts";
import type { ReportFormat } from "../../../traces/report/report.ts";
import { useApp } from "../../state/store.ts";
import { commandLineOf } from "./command-line.ts";

export type ReportQuestion = Omit<ReportRequest, "format">;

/** What the report is asked for, as the form stands; what is typed comes a little later. */
export function useReportQuestion(summary: ComparisonSummary): ReportQuestion {
  const typedTitle = useApp((state) => state.reportTitle);
  const hiddenSections = useApp((state) => state.hiddenSections);
  const claims = useDeferredValue(useApp((state) => state.claimsText)).trim();
  const version = useApp((state) => state.facts?.version ?? "unknown");
  const sides = useApp((state) => state.compareSides);
  const tabs = useApp((state) => state.tabs);
  const options = useApp((state) => state.compareOptions);
  const items = useApp((state) => state.itemsPerStep);
  const title = useDeferredValue(typedTitle ?? titleOf(summary));
  return {
    comparison: summary.comparison,
    title: title.trim() === "" ? titleOf(summary) : title,
    claims: claims === "" ? null : claims,
    commandLine: commandLineOf(sides, tabs, options, items),
    version,
    hiddenSections,
  };
}

/** "before.json → after.json". */
export function titleOf({ before, after }: ComparisonSummary): string {
  return `${before.label} → ${after.label}`;
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
