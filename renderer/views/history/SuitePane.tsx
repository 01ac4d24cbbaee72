import { useMemo, useState } from "react";
import type { SuiteHistory } from "../../../electron/contract/history-contract.ts";
import type { HistorySeries } from "../../../traces/compare/measurements/measurement-history.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import { plainUnit } from "../../charts/axis.ts";
import type { LineSeries } from "../../charts/line-series.ts";
import { LineChart } from "../../charts/LineChart.tsx";
import { useApp } from "../../state/store.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SelectInput } from "../../ui/Field.tsx";
import { ResultsHead } from "../compare/results/ResultsHead.tsx";
import { unitFor } from "../compare/words.ts";
import styles from "./HistoryView.module.css";

const css = classes(styles);

/** One suite: the newest run against the one before, and each measurement over all runs. */
export function SuitePane({ suite }: { readonly suite: string }) {
  const revision = useApp((state) => state.historyRevision);
  const options = useApp((state) => state.compareOptions);
  const { reply, error } = useEngineQuery("history.read", { suite, options }, revision);
  if (error !== null) return <Empty title="The runs could not be read">{error}</Empty>;
  if (reply === null) return <Empty title="Reading the runs…" />;
  return (
    <>
      {reply.latest === null ? null : <ResultsHead result={reply.latest} />}
      <Curve history={reply} />
    </>
  );
}

function Curve({ history }: { readonly history: SuiteHistory }) {
  const { series, keptAt, latest } = history;
  const [chosen, setChosen] = useState<string | null>(null);
  // What alerts is what one wants to see first.
  const worst = latest?.rows.find(({ verdict }) => verdict === "regressed")?.name;
  const shown =
    series.find(({ name }) => name === chosen) ?? series.find(({ name }) => name === worst) ?? series[0] ?? null;
  const lines = useMemo(() => (shown === null ? [] : linesOf(shown, keptAt)), [shown, keptAt]);
  if (shown === null) return <Empty title="No measurements in these runs" />;
  const unit = unitFor(
    shown.points.map(({ median }) => median),
    shown.unit,
  );
  return (
    <div className={css("body")}>
      <div className={css("series")}>
        <SelectInput
          id="history-series"
          label="Measurement"
          value={shown.name}
          choices={series.map(({ name }) => ({ value: name, title: name }))}
          onChange={setChosen}
        />
      </div>
      <LineChart
        title={`${shown.name} over ${formatCounted(keptAt.length, "run")}${shown.better === null ? "" : `, ${shown.better} is better`}`}
        fileName="history"
        heightPx={360}
        series={lines}
        x={{ title: "Run", unit: plainUnit, scale: "linear", whole: true }}
        y={{ title: "Median", unit, scale: "linear" }}
      />
    </div>
  );
}

/** All runs as one curve; those that alerted again as hollow marks of their own. */
export function linesOf({ points }: HistorySeries, keptAt: readonly string[]): readonly LineSeries[] {
  const placed = points.map((point) => ({
    point,
    line: {
      x: point.run + 1,
      y: point.median,
      low: point.interval?.[0] ?? null,
      high: point.interval?.[1] ?? null,
      ...(point.count === null ? {} : { count: point.count }),
      label: `${(keptAt[point.run] ?? "").replace("T", " ")} UTC${point.verdict === null ? "" : `, ${point.verdict}`}`,
    },
  }));
  const alerts = placed.filter(({ point }) => point.verdict === "regressed").map(({ line }) => line);
  return [
    { id: "runs", title: "median and its 95 % interval", role: "measured", points: placed.map(({ line }) => line) },
    ...(alerts.length === 0
      ? []
      : [{ id: "alerts", title: "regressed against the run before", role: "marks" as const, points: alerts }]),
  ];
}
