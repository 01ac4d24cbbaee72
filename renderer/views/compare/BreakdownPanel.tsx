import type { BreakdownRow, ComparisonSummary, DeviceUse } from "../../../traces/compare/comparison.ts";
import { type BarPart, StackedBars } from "../../charts/StackedBars.tsx";
import { Waterfall } from "../../charts/Waterfall.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import styles from "./BreakdownPanel.module.css";
import { deltaWords, unitFor, valueWords, waterfallRowsOf } from "./words.ts";

const css = classes(styles);
/** More parts than this cannot be told apart; the small ones are one part. */
const mostParts = 9;

/** Who owns each nanosecond of a step, before and after; what devices do at the same time; when they wait. */
export function BreakdownPanel({ summary }: { readonly summary: ComparisonSummary }) {
  const rows = gatherRows(summary.breakdown);
  if (rows.length === 0)
    return <Empty title="No breakdown">These sides hold results without spans: nobody says who owned the time.</Empty>;
  const unit = unitFor([sum(rows, "beforeNs"), sum(rows, "afterNs")], "ns");
  return (
    <ScrollArea label="Breakdown" className={css("scroll")}>
      <StackedBars
        title={`Who owns the ${summary.headline.quantity === "step time" ? "step" : "time"}`}
        fileName="breakdown"
        parts={partsOf(rows)}
        bars={[
          { id: "before", title: "Before", valuesNs: rows.map((row) => row.beforeNs) },
          { id: "after", title: "After", valuesNs: rows.map((row) => row.afterNs) },
        ]}
        unit={unit}
      />
      <p className={css("words")}>
        Every nanosecond has one owner: a device where it works, else the deepest span of the host, else nobody.
      </p>
      {summary.deviceUse === null ? (
        <p className={css("words")}>No device work was recorded on both sides: busy, idle and overlap are not known.</p>
      ) : (
        <DeviceTable {...summary.deviceUse} />
      )}
      {summary.workWaterfall === null ? null : (
        <Waterfall
          title="The same change as device work, overlap and idle time"
          fileName="work-waterfall"
          rows={waterfallRowsOf(summary.workWaterfall.bars)}
          unit={unit}
          selected={null}
          onSelect={() => undefined}
        />
      )}
    </ScrollArea>
  );
}

function DeviceTable({ before, after }: { readonly before: DeviceUse; readonly after: DeviceUse }) {
  const lines: readonly (readonly [title: string, key: keyof DeviceUse, hint: string])[] = [
    ["Busy", "busyNs", "at least one device works"],
    ["Work", "workNs", "sum of all device work"],
    ["Overlap", "overlapNs", "work − busy: what runs at the same time"],
    ["Idle", "idleNs", "step − busy"],
  ];
  return (
    <table className={css("table")}>
      <caption>Devices, per step</caption>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col">Change</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([title, key, hint]) => (
          <tr key={key}>
            <th scope="row">{title}</th>
            <td>{valueWords(before[key], "ns")}</td>
            <td>{valueWords(after[key], "ns")}</td>
            <td>{deltaWords(after[key] - before[key], "ns")}</td>
            <td>{hint}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The largest parts, idle time last; what is left is one part of its own. */
export function gatherRows(rows: readonly BreakdownRow[]): readonly BreakdownRow[] {
  const size = (row: BreakdownRow): number => Math.max(row.beforeNs, row.afterNs);
  const idle = rows.filter((row) => row.kind === "idle");
  const owned = rows.filter((row) => row.kind !== "idle").toSorted((a, b) => size(b) - size(a));
  const shown = owned.length > mostParts ? owned.slice(0, mostParts - 1) : owned;
  const rest = owned.slice(shown.length);
  if (rest.length === 0) return [...shown, ...idle];
  const gathered: BreakdownRow = {
    id: "rest",
    label: `${rest.length} smaller parts`,
    kind: "host",
    beforeNs: sum(rest, "beforeNs"),
    afterNs: sum(rest, "afterNs"),
  };
  return [...shown, gathered, ...idle];
}

function partsOf(rows: readonly BreakdownRow[]): readonly BarPart[] {
  let series = 0;
  return rows.map((row): BarPart => {
    if (row.kind === "idle") return { id: row.id, title: row.label, color: "var(--kind-other)", isIdle: true };
    if (row.id === "rest") return { id: row.id, title: row.label, color: "var(--compare-even)" };
    return { id: row.id, title: row.label, color: `var(--series-${(series++ % 8) + 1})` };
  });
}

function sum(rows: readonly BreakdownRow[], key: "beforeNs" | "afterNs"): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
