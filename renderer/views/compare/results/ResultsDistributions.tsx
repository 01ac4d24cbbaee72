import { useMemo } from "react";
import type { RowDistributions } from "../../../../traces/compare/comparison.ts";
import { describeValues, pairModes } from "../../../../traces/compare/distribution.ts";
import type {
  MeasurementComparison,
  MeasurementRow,
} from "../../../../traces/compare/measurements/measurement-comparison.ts";
import panelStyles from "../../../dock/panel.module.css";
import { useApp, useAppStore } from "../../../state/store.ts";
import { classes } from "../../../ui/css.ts";
import { Empty } from "../../../ui/Empty.tsx";
import { SelectInput } from "../../../ui/Field.tsx";
import { Distributions } from "../DistributionsPanel.tsx";
import styles from "./Results.module.css";

const css = classes({ ...panelStyles, ...styles });

/** The repetitions of one measurement on both sides. */
export function ResultsDistributions({ result }: { readonly result: MeasurementComparison }) {
  const chosen = useApp((state) => state.compareRow);
  const { selectCompareRow } = useAppStore().getState();
  const { rows } = result;
  const at = chosen === null || rows[chosen] === undefined ? firstWithValues(result) : chosen;
  const row = rows[at];
  const reply = useMemo(
    () => (row === undefined ? null : distributionsOf(row, result.options.alpha)),
    [row, result.options.alpha],
  );
  if (row === undefined || reply === null) return <Empty title="No measurement is on both sides" />;
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <div className={css("choose")}>
          <SelectInput
            id="result-row"
            label="Measurement"
            value={String(at)}
            choices={rows.map(({ name }, index) => ({ value: String(index), title: name }))}
            onChange={(value) => selectCompareRow(Number(value))}
          />
        </div>
      </div>
      <div className={css("body")}>
        {row.before.length + row.after.length === 0 ? (
          <Empty title="No single values">
            The files hold mean, deviation and n of this measurement, not its repetitions.
          </Empty>
        ) : (
          <Distributions reply={reply} />
        )}
      </div>
    </div>
  );
}

function distributionsOf({ name, unit, before, after, estimate }: MeasurementRow, alpha: number): RowDistributions {
  const left = describeValues(Float64Array.from(before));
  const right = describeValues(Float64Array.from(after));
  return {
    row: null,
    label: name,
    unit,
    before: left,
    after: right,
    estimate,
    modePairs: pairModes(left, right, alpha),
  };
}

function firstWithValues({ rows }: MeasurementComparison): number {
  return Math.max(
    0,
    rows.findIndex(({ before, after }) => before.length > 1 && after.length > 1),
  );
}
