import { useMemo, useState } from "react";
import { chooseTimeUnit, formatDurationExact, formatInUnit, formatShare } from "../../../traces/model/format-units.ts";
import { spanKindNames } from "../../../traces/model/span-kind.ts";
import type { PathRow, WhatIf } from "../../../traces/replay/what-if.ts";
import { queryOfName } from "../../state/name-query.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { DataGrid, type GridColumn } from "../../ui/DataGrid.tsx";
import { KindMark } from "../../ui/KindMark.tsx";
import styles from "./WhatIfView.module.css";

const css = classes(styles);

/** The critical path of a step, by name; a row can be made a change. */
export function PathGrid({ tab, reply }: { readonly tab: TraceTab; readonly reply: WhatIf }) {
  const store = useAppStore();
  const [chosen, setChosen] = useState<number | null>(null);
  const columns = useMemo(() => pathColumns(reply), [reply]);
  const row = chosen === null ? null : (reply.path[chosen] ?? null);
  const query = row === null ? null : queryOf(row);
  const change = (factor: number): void => {
    if (query !== null) store.getState().addWhatIf(tab.key, query, factor);
  };
  return (
    <section className={css("path")} aria-label="Critical path">
      <div className={css("pathHead")}>
        <h2 className={css("listTitle")}>What a step consists of, one after the other</h2>
        <Button look="quiet" isDisabled={query === null} onPress={() => change(0)}>
          Leave out
        </Button>
        <Button look="quiet" isDisabled={query === null} onPress={() => change(0.5)}>
          Half of the time
        </Button>
      </div>
      <div className={css("grid")}>
        <DataGrid
          label="Critical path of a step"
          columns={columns}
          rowCount={reply.path.length}
          rowAt={(index) => reply.path[index] ?? null}
          current={chosen}
          onCurrent={setChosen}
          onActivate={(index) => {
            const found = reply.path[index];
            const text = found === undefined ? null : queryOf(found);
            if (text !== null) store.getState().addWhatIf(tab.key, text, 0);
          }}
        />
      </div>
    </section>
  );
}

function pathColumns({ path, beforeNs, edits }: WhatIf): readonly GridColumn<PathRow>[] {
  const unit = chooseTimeUnit(path.flatMap((row) => [row.beforeNs, row.afterNs]));
  const write = (ns: number): string => formatInUnit(ns, unit);
  const time = (id: string, title: string, hint: string, value: (row: PathRow) => number): GridColumn<PathRow> => {
    const digits = fractionDigitsOf(path.map((row) => write(value(row))));
    return {
      id,
      title: `${title}, ${unit.symbol}`,
      hint,
      align: "end",
      widthPx: 110,
      cell: (row) => (
        <AlignedNumber text={write(value(row))} fractionDigits={digits} title={formatDurationExact(value(row))} />
      ),
    };
  };
  return [
    {
      id: "name",
      title: "Name",
      align: "start",
      cell: ({ name, kind, place }) => (
        <span className={css("name")} title={name}>
          {isOfSpans(place) ? <KindMark kind={spanKindNames[kind] ?? "other"} /> : null}
          <span className={css(!isOfSpans(place) && "between")}>{name}</span>
        </span>
      ),
    },
    {
      id: "place",
      title: "Where",
      align: "start",
      widthPx: 84,
      cell: ({ place }) => (isOfSpans(place) ? place : ""),
    },
    time("before", "Time", "On the critical path of a mean step", (row) => row.beforeNs),
    {
      id: "share",
      title: "Share",
      hint: "Of the mean step as it is",
      align: "end",
      widthPx: 72,
      cell: (row) => formatShare(row.beforeNs / beforeNs),
    },
    ...(edits.length === 0
      ? []
      : [time("after", "Then", "On the critical path of a mean step with the changes", (row) => row.afterNs)]),
  ];
}

/** Whether a row is the time of spans of one name. */
function isOfSpans(place: PathRow["place"]): boolean {
  return place === "host" || place === "device";
}

/** Null for what is no span, and for steps, which have many names. */
function queryOf({ name, place }: PathRow): string | null {
  return !isOfSpans(place) || name.includes("…") ? null : queryOfName(name);
}
