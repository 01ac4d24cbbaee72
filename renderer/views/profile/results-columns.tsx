import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { itemOf } from "../../../native-bench/plan/item-of.ts";
import { numberWords, optionHead } from "../../../native-bench/plan/option-words.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { commonFacts, differIn, softwareWords, warmupWords } from "../../../traces/measure/common-facts.ts";
import { referencesOf, variedOptions } from "../../../traces/measure/equal-work.ts";
import { countWords } from "../../../traces/measure/sample-words.ts";
import { speedRatio } from "../../../traces/measure/speed-ratio.ts";
import { speedUpWords } from "../../../traces/measure/speed-words.ts";
import { formatBytes, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import type { GridColumn } from "../../ui/DataGrid.tsx";
import { NameInMiddle } from "../../ui/NameInMiddle.tsx";
import { formatMs, limitWords, referenceWords, unitOfResults } from "../../runs/result-words.ts";

const msNs = 1e6;

const duration = (ms: number | null): string => (ms === null ? "not measured" : formatDuration(ms * msNs));

/** What a configuration costs beside its steps, and what limits its numbers. Numbers are narrower than "not measured". */
const costColumns = (results: readonly BenchResult[], isWhole: boolean): readonly GridColumn<BenchResult>[] => [
  {
    id: "count",
    title: "n",
    hint: "Samples; “3 of 20” where the budget left fewer than wanted",
    foldOrder: 4,
    align: "end",
    widthPx: results.some(({ samplesWanted }) => samplesWanted !== undefined) ? 76 : 58,
    cell: countWords,
  },
  ...(differIn("warmup", results) ? [warmupColumn] : []),
  {
    id: "load",
    title: "Load",
    hint: "Model built, session created; “shared”: by an earlier configuration, whose time stands here",
    foldOrder: 3,
    align: "end",
    widthPx: results.some(({ loadShared }) => loadShared === true) ? 124 : isWhole ? 76 : 108,
    cell: ({ loadMs, loadShared }) => `${duration(loadMs)}${loadShared === true ? ", shared" : ""}`,
  },
  {
    id: "first",
    title: "First step",
    hint: "With compilation and first allocation; not among the samples",
    foldOrder: 1,
    align: "end",
    widthPx: 80,
    cell: ({ firstStepMs }) => (firstStepMs === null ? "" : duration(firstStepMs)),
  },
  {
    id: "peak",
    title: "Process peak",
    hint: results.some(({ peakShared }) => peakShared === true)
      ? "Largest resident size of the process while it ran, with open traces and what other configurations of this run keep: to compare memory, run each alone"
      : "Largest resident size of the process while it ran, with open traces; no other configuration ran in it",
    foldOrder: 2,
    align: "end",
    widthPx: isWhole ? 96 : 108,
    cell: ({ peakBytes }) => (peakBytes === null ? "not collected" : formatBytes(peakBytes)),
  },
  ...(differIn("precision", results) || results.some(isPrecisionUnstated) ? [precisionColumn] : []),
  {
    id: "notes",
    title: "Device and limits",
    foldOrder: 6,
    align: "start",
    cell: (result) => {
      const text = deviceAndLimits(result, commonFacts(results).has("device"));
      return <span title={text}>{text}</span>;
    },
  },
];

/**
 * What limits a number goes first where it is one that counts for nothing: the end of a cell may be cut. `isTold`: the
 * device stands in the caption.
 */
function deviceAndLimits(result: BenchResult, isTold: boolean): string {
  const { device, software, outcome } = result;
  const limits = limitWords(result);
  const computer = device === null ? "nothing ran" : [device, ...(software ? [softwareWords] : [])].join(", ");
  if ((device === null && limits !== "") || (device !== null && isTold)) return limits;
  const words = outcome === "measured" ? [computer, limits] : [limits, computer];
  return words.filter((word) => word !== "").join(" – ");
}

const backendColumn: GridColumn<BenchResult> = {
  id: "backend",
  title: "Backend",
  align: "start",
  widthPx: 142,
  cell: ({ backend }) => backend,
};

const precisionColumn: GridColumn<BenchResult> = {
  id: "precision",
  title: "Precision",
  foldOrder: 8,
  align: "start",
  widthPx: 92,
  cell: (result) => result.precision ?? (isPrecisionUnstated(result) ? "not stated" : ""),
};

function isPrecisionUnstated({ precision, device }: BenchResult): boolean {
  return precision === null && device !== null;
}

const warmupColumn: GridColumn<BenchResult> = {
  id: "warmup",
  title: "Warm-up",
  hint: "Steps before the first sample",
  foldOrder: 3.5,
  align: "end",
  widthPx: 84,
  cell: (result) => (result.sampleCount === 0 ? "" : warmupWords(result)),
};

/** Columns of the results of one run; one unit for all times per item. */
export function resultColumns(
  results: readonly BenchResult[],
  workload: WorkloadFacts,
): readonly GridColumn<BenchResult>[] {
  const { options, settings = [] } = workload;
  const item = itemOf(
    workload,
    results.map(({ variant }) => variant),
  );
  const unit = unitOfResults(results);
  const medians = results.map(({ medianMs }) => formatMs(medianMs, unit));
  const digits = fractionDigitsOf(medians);
  const references = referencesOf(results, settings);
  // Made once: every cell is rendered again and again.
  const speedUps = new Map(results.map((result) => [result, speedUpWords(result, references.get(result))] as const));
  const isWhole = results.every(({ medianMs }) => medianMs !== null);
  return [
    {
      id: "variant",
      title: "Variant",
      align: "start",
      widthPx: 150,
      // Sides of a case differ behind its name.
      cell: ({ variant }) => (
        <b title={variant}>
          <NameInMiddle name={variant} />
        </b>
      ),
    },
    ...(differIn("backend", results) ? [backendColumn] : []),
    ...variedOptions(results).map((id): GridColumn<BenchResult> => ({
      id,
      title: optionHead(id, options[id]),
      align: "end",
      widthPx: 84,
      cell: (result) => {
        const value = result.options[id];
        return value == null ? "not used" : numberWords(value);
      },
    })),
    {
      id: "median",
      title: `${unit.symbol}/${item.one}`,
      hint: "Median over the samples, end to end",
      align: "end",
      widthPx: isWhole ? 104 : 132,
      cell: ({ medianMs }) => <AlignedNumber text={formatMs(medianMs, unit)} fractionDigits={digits} />,
    },
    {
      id: "interval",
      title: "95 %",
      hint: "Interval of the median by order statistics; none below six samples",
      foldOrder: 7,
      align: "start",
      widthPx: 116,
      cell: ({ lowMs, highMs }) =>
        lowMs === null || highMs === null ? "" : `[${formatMs(lowMs, unit)}, ${formatMs(highMs, unit)}]`,
    },
    {
      id: "rate",
      title: `${item.many}/s`,
      foldOrder: 5,
      align: "end",
      widthPx: 92,
      cell: ({ itemsPerSecond }) => (itemsPerSecond === null ? "" : formatNumber(itemsPerSecond)),
    },
    {
      id: "ratio",
      title: "Speed-up",
      hint: referenceWords(results, references, settings),
      align: "end",
      widthPx: speedUpWidthPx([...speedUps.values()]),
      cell: (result) =>
        result.outcome === "excluded" ? <span title={limitWords(result)}>✕ excluded</span> : speedUps.get(result),
    },
    ...costColumns(results, isWhole),
  ];
}

/** Room for "9.30× [9.01, 9.62]", and where they are said for words in place of the interval or behind it. */
function speedUpWidthPx(words: readonly string[]): number {
  if (words.some((each) => each.includes("apart"))) return 292;
  return words.some((each) => /interval|accuracy/.test(each)) ? 190 : 160;
}

/** Tab-separated, all digits, for spreadsheets. */
export function resultsAsText(
  results: readonly BenchResult[],
  { settings = [] }: Pick<WorkloadFacts, "settings">,
): string {
  const ids = [...new Set(results.flatMap(({ options }) => Object.keys(options)))];
  const references = referencesOf(results, settings);
  const lines = results.map((result): Readonly<Record<string, string | number | boolean | null>> => {
    const reference = references.get(result);
    const ratio = reference === undefined ? null : speedRatio(result, reference);
    return {
      variant: result.variant,
      backend: result.backend,
      device: result.device,
      software: result.software,
      precision: result.precision,
      warmupSteps: result.warmupSteps,
      ...Object.fromEntries(ids.map((id) => [id, result.options[id] ?? null])),
      medianMs: result.medianMs,
      lowMs: result.lowMs,
      highMs: result.highMs,
      speedUp: ratio?.value ?? null,
      speedUpLow: ratio?.interval?.[0] ?? null,
      speedUpHigh: ratio?.interval?.[1] ?? null,
      itemsPerSecond: result.itemsPerSecond,
      n: result.sampleCount,
      loadMs: result.loadMs,
      loadShared: result.loadShared ?? false,
      peakBytes: result.peakBytes,
      outcome: result.outcome,
      limits: limitWords(result),
    };
  });
  const head = Object.keys(lines[0] ?? {});
  const rows = lines.map((line) => head.map((key) => String(line[key] ?? "").replace(/\s+/g, " ")));
  return [head, ...rows].map((cells) => cells.join("\t")).join("\n");
}
