import type { ScalingCurve, ScalingPair } from "../compare/measurements/measurement-comparison.ts";
import { predictMs } from "../measure/scaling-regime.ts";
import { formatDuration } from "../model/format-units.ts";
import { cell, type Block, type Cell, type Curve } from "./block.ts";

const msNs = 1e6;
const fitPoints = 32;

/** Both curves with their fits, what each says in words, and its numbers. */
export function describeScaling(pair: ScalingPair): readonly Block[] {
  const { title, axisTitle, before, after } = pair;
  return [
    { kind: "text", text: title, tone: "plain" },
    {
      kind: "curves",
      label: `${title}: time of a step over ${axisTitle}`,
      xTitle: axisTitle,
      curves: [toCurve("before", before), toCurve("after", after)],
    },
    { kind: "list", items: [sentence("Before", before), sentence("After", after)] },
    {
      kind: "table",
      columns: [
        { title: axisTitle, align: "right" },
        { title: "before", align: "right" },
        { title: "after", align: "right" },
        { title: "before, per item", align: "right" },
        { title: "after, per item", align: "right" },
        { title: "note", align: "left" },
      ],
      rows: rowsOf(pair),
      omitted: 0,
    },
  ];
}

function sentence(side: string, { regime }: ScalingCurve): string {
  if (regime === null) return `${side}: too few sizes for a fit.`;
  return [`${side}: ${regime.sentence}`, ...(regime.caveat === null ? [] : [regime.caveat])].join(" ");
}

function toCurve(label: string, { points, fit, regime }: ScalingCurve): Curve {
  return {
    label,
    points: points.map(({ size, medianMs, intervalMs }) => ({
      x: size,
      y: medianMs * msNs,
      low: intervalMs === null ? null : intervalMs[0] * msNs,
      high: intervalMs === null ? null : intervalMs[1] * msNs,
    })),
    fit:
      fit === null || regime === null
        ? []
        : Array.from({ length: fitPoints }, (_, i) => {
            const size = fit.smallest * (fit.largest / fit.smallest) ** (i / (fitPoints - 1));
            return { x: size, y: predictMs(fit, regime, size) * msNs };
          }),
  };
}

function rowsOf({ axis, before, after }: ScalingPair): readonly (readonly Cell[])[] {
  const sizes = [...new Set([...before.points, ...after.points].map(({ size }) => size))].sort((x, y) => x - y);
  return sizes.map((size) => {
    const found = [before, after].map(({ points }) => points.find((point) => point.size === size));
    const times = found.map((point) => (point === undefined ? null : point.medianMs * msNs));
    const show = (ns: number | null): Cell => (ns === null ? cell("–", 0) : cell(formatDuration(ns), ns));
    return [
      cell(String(size), size),
      ...times.map(show),
      ...times.map((ns) => show(ns === null || axis.kind === "size" ? ns : ns / size)),
      cell(found.flatMap((point) => point?.excluded ?? []).join("; ")),
    ];
  });
}
