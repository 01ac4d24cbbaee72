import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { referencesOf, speedRatio, variedOptions } from "../../../traces/measure/equal-work.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import type { GridColumn } from "../../ui/DataGrid.tsx";
import {
  formatMs,
  limitWords,
  ratioWords,
  referenceWords,
  softwareWords,
  unitOfResults,
} from "../../runs/result-words.ts";

const msNs = 1e6;

const duration = (ms: number | null): string => (ms === null ? "not measured" : formatDuration(ms * msNs));

/** What a configuration costs beside its steps, and what limits its numbers. Numbers are narrower than "not measured". */
const costColumns = (isWhole: boolean): readonly GridColumn<BenchResult>[] => [
  {
    id: "count",
    title: "n",
    hint: "Samples",
    foldOrder: 4,
    align: "end",
    widthPx: 58,
    cell: ({ sampleCount }) => (sampleCount === 0 ? "" : formatCount(sampleCount)),
  },
  {
    id: "load",
    title: "Load",
    hint: "Model built, session created",
    foldOrder: 3,
    align: "end",
    widthPx: isWhole ? 76 : 108,
    cell: ({ loadMs }) => duration(loadMs),
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
    hint: "Largest resident size of the process while it ran, with what other configurations of this run keep: to compare memory, run each alone",
    foldOrder: 2,
    align: "end",
    widthPx: isWhole ? 96 : 108,
    cell: ({ peakBytes }) => (peakBytes === null ? "not collected" : formatBytes(peakBytes)),
  },
  {
    id: "precision",
    title: "Precision",
    foldOrder: 8,
    align: "start",
    widthPx: 92,
    cell: ({ precision, device }) => precision ?? (device === null ? "" : "not stated"),
  },
  {
    id: "notes",
    title: "Device and limits",
    foldOrder: 6,
    align: "start",
    cell: (result) => {
      const text = deviceAndLimits(result);
      return <span title={text}>{text}</span>;
    },
  },
];

/** What limits a number goes first where it is one that counts for nothing: the end of a cell may be cut. */
function deviceAndLimits(result: BenchResult): string {
  const { device, software, outcome } = result;
  const limits = limitWords(result);
  const computer = device === null ? "nothing ran" : [device, ...(software ? [softwareWords] : [])].join(", ");
  if (device === null && limits !== "") return limits;
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

/** Columns of the results of one run; one unit for all times per item. */
export function resultColumns(
  results: readonly BenchResult[],
  { item, options, settings = [] }: WorkloadFacts,
): readonly GridColumn<BenchResult>[] {
  const unit = unitOfResults(results);
  const medians = results.map(({ medianMs }) => formatMs(medianMs, unit));
  const digits = fractionDigitsOf(medians);
  const references = referencesOf(results, settings);
  const ratioOf = (result: BenchResult): number | null => {
    const reference = references.get(result);
    return reference === undefined ? null : speedRatio(result, reference);
  };
  const isWhole = results.every(({ medianMs }) => medianMs !== null);
  const isClaimed = results.every((result) => ratioOf(result) !== null);
  return [
    { id: "variant", title: "Variant", align: "start", widthPx: 150, cell: ({ variant }) => <b>{variant}</b> },
    ...(new Set(results.map(({ backend }) => backend)).size > 1 ? [backendColumn] : []),
    ...variedOptions(results).map((id): GridColumn<BenchResult> => ({
      id,
      title: options[id]?.label ?? id,
      align: "end",
      widthPx: 84,
      cell: (result) => {
        const value = result.options[id];
        return typeof value === "number" ? formatCount(value) : String(value ?? "none");
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
      widthPx: isClaimed ? 80 : 100,
      cell: (result) => ratioWords(ratioOf(result)),
    },
    ...costColumns(isWhole),
  ];
}

/** Tab-separated, all digits, for spreadsheets. */
export function resultsAsText(results: readonly BenchResult[]): string {
  const ids = [...new Set(results.flatMap(({ options }) => Object.keys(options)))];
  const head = [
    "variant",
    "backend",
    "device",
    ...ids,
    "medianMs",
    "lowMs",
    "highMs",
    "itemsPerSecond",
    "n",
    "outcome",
  ];
  const rows = results.map((result) => [
    result.variant,
    result.backend,
    result.device ?? "",
    ...ids.map((id) => String(result.options[id] ?? "")),
    ...[result.medianMs, result.lowMs, result.highMs, result.itemsPerSecond].map((value) => String(value ?? "")),
    String(result.sampleCount),
    result.outcome,
  ]);
  return [head, ...rows].map((cells) => cells.join("\t")).join("\n");
}
