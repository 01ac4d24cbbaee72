import { useState } from "react";
import type {
  ComparisonSummary,
  DeltaMetric,
  DeltaPer,
  Distribution,
  ModePair,
  ModeShare,
  RowDistributions,
} from "../../../traces/compare/comparison.ts";
import { formatCount, formatCounted, formatShare } from "../../../traces/model/format-units.ts";
import type { SampleGroup } from "../../charts/distribution.ts";
import { EcdfChart } from "../../charts/EcdfChart.tsx";
import { HistogramChart } from "../../charts/HistogramChart.tsx";
import panelStyles from "../../dock/panel.module.css";
import { useApp, useAppStore } from "../../state/store.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { metrics, persOf } from "./delta-choices.ts";
import styles from "./DistributionsPanel.module.css";
import { probabilityWords, relativeWords, unitFor, valueWords } from "./words.ts";

const css = classes({ ...panelStyles, ...styles });
/** All values of the step or of the chosen row: where they lie, how they spread, whether they have several centers. */
export function DistributionsPanel({ summary }: { readonly summary: ComparisonSummary }) {
  const row = useApp((state) => state.compareRow);
  const { selectCompareRow } = useAppStore().getState();
  const [metric, setMetric] = useState<DeltaMetric>("total");
  const [per, setPer] = useState<DeltaPer>("step");
  const { reply, error } = useEngineQuery("compare.distributions", {
    comparison: summary.comparison,
    row,
    metric,
    per: row === null ? "step" : per,
  });
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("label")} title={reply?.label}>
          {reply?.label ?? ""}
        </span>
        {row === null ? null : (
          <>
            <Segmented label="Time" value={metric} options={metrics} onChange={setMetric} />
            <Segmented label="Measured" value={per} options={persOf(summary)} onChange={setPer} />
            <Button look="quiet" onPress={() => selectCompareRow(null)}>
              Show the {summary.headline.quantity}
            </Button>
          </>
        )}
        <span className={css("spacer")} />
        {row === null ? (
          <span className={css("note")}>Choose a row in the table to see its own distribution.</span>
        ) : null}
      </div>
      <div className={css("body")}>
        {error !== null ? (
          <Empty title="The distributions could not be computed">{error}</Empty>
        ) : reply === null ? (
          <Empty title="Sorting…" />
        ) : (
          <Distributions reply={reply} />
        )}
      </div>
    </div>
  );
}

/** Both sides' values of one quantity: functions, histograms, and what describes them. */
export function Distributions({ reply }: { readonly reply: RowDistributions }) {
  const { before, after, label, unit: base } = reply;
  if (before.values.length === 0 && after.values.length === 0)
    return <Empty title="No values">Neither side has this row in a kept step.</Empty>;
  const unit = unitFor([...before.values, ...after.values], base);
  const groups: readonly SampleGroup[] = [
    { id: "before", title: "before", color: "var(--side-before)", values: before.values },
    { id: "after", title: "after", color: "var(--side-after)", values: after.values },
  ];
  const chart = {
    groups,
    x: { title: "Value", unit, scale: "linear" as const },
    baseUnit: base,
    heightPx: "fill" as const,
  };
  return (
    <div className={css("grid")}>
      <EcdfChart {...chart} title={`Distribution of ${label}`} fileName="distribution" />
      <HistogramChart {...chart} title={`Histogram of ${label}`} fileName="histogram" />
      <dl className={css("facts")}>
        {sideFacts("before", before, base)}
        {sideFacts("after", after, base)}
        {reply.modePairs.map((pair) => (
          <div key={`${pair.before?.median ?? ""} ${pair.after?.median ?? ""}`}>
            <dt>mode by mode</dt>
            <dd>{modeWords(pair, base)}</dd>
          </div>
        ))}
        {reply.estimate === null ? null : (
          <div>
            <dt>same shape?</dt>
            <dd>{`Kolmogorov–Smirnov p ${probabilityWords(reply.estimate.shapeP)}${reply.estimate.shapeOnly ? ": same center, different spread" : ""}`}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

/** "10.1 ms (60 %) → 9.80 ms (30 %), −3.0 % [−4.1, −2.0]". */
function modeWords({ before, after, relative, relativeInterval }: ModePair, base: string): string {
  const side = (share: ModeShare | null): string =>
    share === null ? "none" : `${valueWords(share.median, base)} (${formatShare(share.share)})`;
  const change = relative === null ? "" : `, ${relativeWords(relative, relativeInterval)}`;
  return `${side(before)} → ${side(after)}${change}`;
}

function sideFacts(name: string, { values, quartiles, modes, mildOutliers, farOutliers }: Distribution, base: string) {
  if (values.length === 0)
    return (
      <div>
        <dt>{name}</dt>
        <dd>no values</dd>
      </div>
    );
  const outliers = mildOutliers.length + farOutliers.length;
  const peaks =
    modes.length > 1
      ? `${modes.length} modes: ${modes.map((mode) => `${valueWords(mode.at, base)} (${formatShare(mode.weight)})`).join(", ")}`
      : "one mode";
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {`n = ${formatCount(values.length)}, quartiles ${quartiles.map((value) => valueWords(value, base)).join(", ")}; ${peaks}; ${outliers === 0 ? "no outliers" : `${formatCounted(outliers, "outlier")}, ${formatCount(farOutliers.length)} of them far, none left out`}`}
      </dd>
    </div>
  );
}
