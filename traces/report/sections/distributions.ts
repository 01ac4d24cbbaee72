import type { Distribution, ModePair, ModeShare, RowDistributions } from "../../compare/comparison.ts";
import { formatChange } from "../../compare/words.ts";
import { formatDuration, formatNumber } from "../../model/format-units.ts";
import { cell, type Block } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const distributions: ReportSection = {
  id: "distributions",
  title: "Distributions",
  build: (report) => {
    const shown = report.distributions.filter(({ before, after }) => before.values.length + after.values.length > 2);
    return shown.length === 0 ? null : shown.flatMap(describe);
  },
};

function describe({ label, before, after, unit, modePairs }: RowDistributions): readonly Block[] {
  const show = (value: number): string => (unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${unit}`);
  const modeWords = ({ before: a, after: b, relative }: ModePair): string => {
    const share = (of: ModeShare | null): string =>
      of === null ? "none" : `${show(of.median)} (${Math.round(100 * of.share)} %)`;
    return `Mode by mode: ${share(a)} → ${share(b)}${relative === null ? "" : `, ${formatChange(relative)}`}`;
  };
  const side = (name: string, { values, quartiles, mildOutliers, farOutliers, modes }: Distribution) => [
    cell(name),
    cell(`${values.length}`),
    ...quartiles.map((value) => cell(show(value), value)),
    cell(`${mildOutliers.length} + ${farOutliers.length}`),
    cell(
      modes.length < 2 ? "1" : modes.map(({ at, weight }) => `${show(at)} (${Math.round(100 * weight)} %)`).join(", "),
    ),
  ];
  return [
    {
      kind: "ecdf",
      label,
      unit,
      series: [
        { label: "before", values: [...before.values].sort((x, y) => x - y) },
        { label: "after", values: [...after.values].sort((x, y) => x - y) },
      ],
    },
    {
      kind: "table",
      columns: [
        { title: label, align: "left" },
        { title: "n", align: "right" },
        { title: "lower quartile", align: "right" },
        { title: "median", align: "right" },
        { title: "upper quartile", align: "right" },
        { title: "outliers, mild + far", align: "right" },
        { title: "modes", align: "left" },
      ],
      rows: [side("before", before), side("after", after)],
      omitted: 0,
    },
    ...(modePairs.length === 0 ? [] : [{ kind: "list", items: modePairs.map(modeWords) } as const]),
  ];
}
