import type { ImportRecord, SideSummary, StepRule } from "../../compare/comparison.ts";
import { formatCount, formatDuration, formatShare } from "../../model/format-units.ts";
import { cell, type Block } from "../block.ts";
import type { ReportSection } from "../report-section.ts";
import type { ComparisonReport } from "../report.ts";

export const environment: ReportSection = {
  id: "environment",
  title: "Comparability, files and how to reproduce",
  build: (report) => [checks(report), sides(report), imports(report), ...lines(report)],
};

function checks({ summary }: ComparisonReport): Block {
  return {
    kind: "table",
    columns: [
      { title: "grade", align: "left" },
      { title: "check", align: "left" },
      { title: "before", align: "left" },
      { title: "after", align: "left" },
      { title: "", align: "left" },
    ],
    rows: summary.comparability.checks.map(({ grade, label, before, after, message }) => [
      cell(grade, undefined, grade === "A" ? "muted" : grade === "B" ? "plain" : "warning"),
      cell(label),
      cell(before),
      cell(after),
      cell(message),
    ]),
    omitted: 0,
  };
}

const ruleWords: Readonly<Record<StepRule, string>> = {
  stepSpans: "marked steps",
  period: "period of top-level spans",
  runs: "one observation a run",
  samples: "samples of the file",
  whole: "the whole capture",
};

function sides({ summary }: ComparisonReport): Block {
  const pair = (label: string, value: (side: SideSummary) => string) => [
    cell(label),
    cell(value(summary.before)),
    cell(value(summary.after)),
  ];
  const range = (side: SideSummary): string =>
    side.parts.map(({ startNs, endNs }) => `${formatDuration(startNs)} to ${formatDuration(endNs)}`).join(", ");
  return {
    kind: "table",
    columns: [
      { title: "", align: "left" },
      { title: "before", align: "left" },
      { title: "after", align: "left" },
    ],
    rows: [
      pair("Side", (side) => side.label),
      pair("Range", range),
      pair("Observations", (side) => `${ruleWords[side.stepRule]}: ${side.keptSteps} of ${side.stepCount}`),
      pair("Items per step", (side) => (side.itemsPerStep === null ? "not said" : formatCount(side.itemsPerStep))),
      pair("Matched time", (side) => formatShare(side.coverage)),
      pair("Compiling, not averaged in", (side) => formatDuration(side.compileNs)),
    ],
    omitted: 0,
  };
}

function imports({ imports: records }: ComparisonReport): Block {
  const list = (lines: ImportRecord["notes"]): string =>
    lines.length === 0 ? "none" : lines.map(([message, count]) => `${message}: ${formatCount(count)}`).join("; ");
  return {
    kind: "table",
    columns: [
      { title: "file", align: "left" },
      { title: "format", align: "left" },
      { title: "fingerprint", align: "left" },
      { title: "events", align: "right" },
      { title: "spans", align: "right" },
      { title: "left out", align: "left" },
      { title: "notes", align: "left" },
    ],
    rows: records.map(({ side, fileName, formatLabel, fingerprint, eventsRead, spans, dropped, notes }) => [
      cell(`${side}: ${fileName}`),
      cell(formatLabel),
      cell(shortFingerprint(fingerprint)),
      cell(formatCount(eventsRead), eventsRead),
      cell(formatCount(spans), spans),
      cell(list(dropped)),
      cell(list(notes)),
    ]),
    omitted: 0,
  };
}

/** The hash of its spans, of each part if there are several; the rest of it is told in other columns. */
function shortFingerprint(fingerprint: string): string {
  return fingerprint
    .split(",")
    .map((part) => Number(part.split(":").at(-1)).toString(16).padStart(8, "0"))
    .join(", ");
}

function lines({ summary, version, commandLine }: ComparisonReport): readonly Block[] {
  const { options, renames } = summary;
  const text = (line: string): Block => ({ kind: "text", text: line, tone: "muted" });
  return [
    text(
      `Tolerance ${formatShare(options.tolerance)}, α ${options.alpha}, ${formatCount(options.resamples)} draws; seeds follow from the files and the names of rows, so the same files give the same numbers.`,
    ),
    ...(renames.length === 0
      ? []
      : [
          text(
            `Names matched without: ${renames.map(([rule, count]) => `${rule} (${formatCount(count)})`).join(", ")}.`,
          ),
        ]),
    text(`Deltaflame ${version}.`),
    ...(commandLine === null ? [] : [text(`Reproduce: ${commandLine}`)]),
  ];
}
