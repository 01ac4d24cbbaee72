import { cell, type Block } from "../../block.ts";
import type { ReportSection } from "../../report-section.ts";
import type { ResultsReport } from "../results-report.ts";

export const conditions: ReportSection<ResultsReport> = {
  id: "conditions",
  title: "What differs, and how to reproduce",
  build: (report) => [...differences(report), ...presence(report), ...lines(report)],
};

function differences({ comparison: { checks } }: ResultsReport): readonly Block[] {
  if (checks.length === 0)
    return [{ kind: "text", text: "The files tell of no difference in machine or software.", tone: "muted" }];
  return [
    {
      kind: "table",
      columns: [
        { title: "grade", align: "left" },
        { title: "fact", align: "left" },
        { title: "before", align: "left" },
        { title: "after", align: "left" },
      ],
      rows: checks.map(({ grade, label, before, after }) => [
        cell(grade, undefined, grade === "C" ? "warning" : "plain"),
        cell(label),
        cell(before),
        cell(after),
      ]),
      omitted: 0,
    },
  ];
}

function presence({ comparison: { shared, onlyBefore, onlyAfter } }: ResultsReport): readonly Block[] {
  const list = (words: string, names: readonly string[]): readonly Block[] =>
    names.length === 0 ? [] : [{ kind: "text", text: `${words}: ${names.join(", ")}.`, tone: "muted" }];
  return [...list("Both", shared), ...list("Only before", onlyBefore), ...list("Only after", onlyAfter)];
}

function lines({ version, commandLine, comparison: { options } }: ResultsReport): readonly Block[] {
  const text = (line: string): Block => ({ kind: "text", text: line, tone: "muted" });
  return [
    text(`Alerts above ${100 * options.tolerance} %, α ${options.alpha}; p adjusted over all measurements.`),
    text(`Deltaflame ${version}.`),
    ...(commandLine === null ? [] : [text(`Reproduce: ${commandLine}`)]),
  ];
}
