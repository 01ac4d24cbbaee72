import { useMemo, useState } from "react";
import { type Measurement, type MeasurementSet, pathText } from "../../../traces/measure/measurement.ts";
import { sharedWords } from "../../../traces/measure/shared-words.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { DataGrid } from "../../ui/DataGrid.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Field, SelectInput, TextInput } from "../../ui/Field.tsx";
import { ScrollArea } from "../../ui/ScrollArea.tsx";
import { IntegrityDetails } from "../integrity/IntegrityDetails.tsx";
import { measurementColumns, measurementsAsText } from "./measurement-columns.tsx";
import styles from "./MeasurementsPane.module.css";

const css = classes(styles);

/** The benchmark results of one file: a table, and what was guessed of its units, to be corrected. */
export function MeasurementsPane({ tab, set }: { readonly tab: TraceTab; readonly set: MeasurementSet }) {
  const store = useAppStore();
  const [current, setCurrent] = useState<number | null>(null);
  const shared = useMemo(() => sharedWords(set.measurements), [set]);
  const columns = useMemo(() => measurementColumns(set.measurements, shared), [set, shared]);
  const chosen = current === null ? null : (set.measurements[current] ?? null);
  if (set.measurements.length === 0)
    return <Empty title="No measurements">The file holds benchmark results, but no number in them.</Empty>;
  return (
    <div className={css("pane")}>
      <h1 className="visually-hidden">{tab.fileName}</h1>
      <Facts tab={tab} set={set} shared={shared} />
      <IntegrityDetails findings={set.integrity} what={set.name} isOpen />
      <div className={css("table")}>
        <DataGrid
          label="Measurements"
          columns={columns}
          rowCount={set.measurements.length}
          rowAt={(index) => set.measurements[index] ?? null}
          current={current}
          onCurrent={setCurrent}
          onCopy={() => void store.getState().copyText(measurementsAsText(set.measurements), "Measurements")}
        />
      </div>
      {chosen === null ? null : <Details key={pathText(chosen)} tab={tab} measurement={chosen} />}
    </div>
  );
}

function Facts({
  tab,
  set,
  shared,
}: {
  readonly tab: TraceTab;
  readonly set: MeasurementSet;
  /** Words of every path. */
  readonly shared: readonly string[];
}) {
  const { ledger } = set;
  const { draftRun } = useAppStore().getState();
  const leftOut = ledger.leftOut.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={css("facts")}>
      <span className={css("fact")}>
        <b>{set.formatLabel}</b>
        {set.producer === null ? "" : `, ${set.producer}`}
      </span>
      {set.facts.map(([key, value]) => (
        <span key={key} className={css("fact")}>
          {key} <b>{value}</b>
        </span>
      ))}
      <span className={css("fact")} title={ledger.leftOut.map(({ reason, count }) => `${count}: ${reason}`).join("\n")}>
        {formatCount(ledger.numbersRead)} numbers read, {formatCount(leftOut)} left out
      </span>
      {shared.length === 0 ? null : (
        <span className={css("fact")}>
          all: <b>{shared.join(" / ")}</b>
        </span>
      )}
      {ledger.notes.length === 0 ? null : (
        <ScrollArea className={css("notes")} label="Notes about the file">
          {ledger.notes.map((note) => (
            <p key={note}>{withoutWords(note, shared)}</p>
          ))}
        </ScrollArea>
      )}
      <Button look="quiet" onPress={() => draftRun({ token: tab.token, fileName: tab.fileName })}>
        Keep in history…
      </Button>
    </div>
  );
}

/** A note names its measurement by the whole path. */
function withoutWords(note: string, shared: readonly string[]): string {
  return shared.reduce((text, word) => text.replace(`${word} / `, "").replace(` / ${word}:`, ":"), note);
}

const directions = [
  { value: "", title: "not known" },
  { value: "lower", title: "lower" },
  { value: "higher", title: "higher" },
] as const;

function Details({ tab, measurement }: { readonly tab: TraceTab; readonly measurement: Measurement }) {
  const store = useAppStore();
  const { values, warmups, unit, better } = measurement;
  const { editMeasurement } = store.getState();
  return (
    <section className={css("details")} aria-label="Measurement">
      <p className={css("path")}>{pathText(measurement)}</p>
      <Field label="Unit" help={sourceWords[unit.source]}>
        {({ id, describedBy }) => (
          <TextInput
            id={id}
            describedBy={describedBy}
            value={unit.symbol}
            onChange={(symbol) => editMeasurement(tab.key, measurement.path, { unit: { symbol, source: "user" } })}
          />
        )}
      </Field>
      <Field label="Better" help="Which way counts as an improvement">
        {({ id, describedBy }) => (
          <SelectInput
            id={id}
            describedBy={describedBy}
            value={better ?? ""}
            choices={directions}
            onChange={(value) =>
              editMeasurement(tab.key, measurement.path, {
                better: value === "lower" || value === "higher" ? value : null,
              })
            }
          />
        )}
      </Field>
      <div>
        <b>{values.length === 0 ? "No repetitions in the file" : `${formatCount(values.length)} in file order`}</b>
        <p className={css("values")}>
          {values.map(String).join("  ")}
          {warmups.length === 0 ? "" : ` — warm-ups: ${warmups.map(String).join("  ")}`}
        </p>
      </div>
    </section>
  );
}

const sourceWords = {
  stated: "As the file or its format says",
  guessed: "Guessed from the name",
  unknown: "The name tells none",
  user: "As you set it",
} as const;
