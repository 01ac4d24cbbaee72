import type { MeasurementVerdict } from "../../../../traces/compare/measurements/measurement-comparison.ts";
import type { Verdict } from "../../../../traces/measure/estimate.ts";
import { toneColor, toneSign } from "../../../charts/change.ts";
import type { GridColumn } from "../../../ui/DataGrid.tsx";
import { probabilityWords, relativeWords, toneOf, valueWords, verdictWords } from "../words.ts";
import type { PlacedRow } from "./ResultsTable.tsx";

export type ResultColumn = "name" | "before" | "after" | "relative" | "q" | "verdict";

/** "changed" has no direction that could be colored. */
const verdictOf = (verdict: MeasurementVerdict): Verdict | null => (verdict === "changed" ? null : verdict);

export const resultColumns: readonly GridColumn<PlacedRow>[] = [
  {
    id: "name",
    title: "Measurement",
    align: "start",
    sortable: true,
    cell: ({ row }) => <span title={row.name}>{row.name}</span>,
  },
  {
    id: "before",
    title: "Before",
    hint: "Median; the mean where the file holds a summary only",
    align: "end",
    widthPx: 132,
    sortable: true,
    cell: ({ row: { estimate, unit } }) => valueWords(estimate.before.median, unit, [estimate.after.median]),
  },
  {
    id: "after",
    title: "After",
    hint: "Median; the mean where the file holds a summary only",
    align: "end",
    widthPx: 132,
    sortable: true,
    cell: ({ row: { estimate, unit } }) => valueWords(estimate.after.median, unit, [estimate.before.median]),
  },
  {
    id: "relative",
    title: "Change [95 % interval]",
    hint: "Hodges–Lehmann shift; difference of means where the file holds a summary only",
    align: "end",
    widthPx: 190,
    sortable: true,
    cell: ({ row: { estimate, verdict } }) => {
      const tone = toneOf(verdictOf(verdict));
      return (
        <>
          <span style={{ color: toneColor(tone) }} aria-hidden>{`${toneSign(tone)} `}</span>
          {relativeWords(estimate.relative, estimate.relativeInterval)}
        </>
      );
    },
  },
  {
    id: "q",
    title: "q",
    hint: "p, adjusted over all measurements (Benjamini–Hochberg)",
    align: "end",
    widthPx: 92,
    sortable: true,
    cell: ({ row }) => probabilityWords(row.estimate.q),
  },
  {
    id: "n",
    title: "n",
    hint: "Repetitions, before | after",
    align: "end",
    widthPx: 82,
    cell: ({ row: { estimate } }) => `${estimate.before.n} | ${estimate.after.n}`,
  },
  {
    id: "verdict",
    title: "Verdict",
    hint: "Regressed and improved by which way is better; “changed” where nobody said",
    align: "start",
    widthPx: 190,
    sortable: true,
    cell: ({ row: { verdict, estimate } }) => {
      const known = verdictOf(verdict);
      return known === null ? "changed" : verdictWords(known, estimate.direction);
    },
  },
];

const sortKeys: Readonly<Record<Exclude<ResultColumn, "name">, (placed: PlacedRow) => number>> = {
  before: ({ row }) => row.estimate.before.median,
  after: ({ row }) => row.estimate.after.median,
  relative: ({ row }) => row.estimate.relative,
  q: ({ row }) => row.estimate.q ?? 2,
  // The comparison itself ranks by verdict.
  verdict: ({ at }) => at,
};

export function sortResults(
  rows: readonly PlacedRow[],
  column: ResultColumn,
  descending: boolean,
): readonly PlacedRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((x, y) => {
    if (column === "name") return sign * (x.row.name < y.row.name ? -1 : 1);
    const difference = sortKeys[column](x) - sortKeys[column](y);
    return sign * (Number.isNaN(difference) ? 0 : difference) || x.at - y.at;
  });
}

/** All digits, tab separated. */
export function resultsAsText(rows: readonly PlacedRow[]): string {
  const head = [
    "measurement",
    "unit",
    "before",
    "after",
    "relative",
    "low",
    "high",
    "q",
    "n_before",
    "n_after",
    "verdict",
  ];
  const lines = rows.map(({ row: { name, unit, estimate, verdict } }) =>
    [
      name.replace(/[\t\r\n]+/g, " "),
      unit,
      estimate.before.median,
      estimate.after.median,
      estimate.relative,
      estimate.relativeInterval?.[0] ?? "",
      estimate.relativeInterval?.[1] ?? "",
      estimate.q ?? "",
      estimate.before.n,
      estimate.after.n,
      verdict,
    ].join("\t"),
  );
  return [head.join("\t"), ...lines].join("\n");
}
