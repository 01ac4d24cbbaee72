import { useMemo, useState } from "react";
import type { LaunchList } from "../../../../electron/contract/nsight-contract.ts";
import { formatCounted } from "../../../../traces/model/format-units.ts";
import { revisionOf } from "../../../state/scope.ts";
import type { TraceTab } from "../../../state/trace-tab.ts";
import { useEngineQuery } from "../../../state/use-engine-query.ts";
import { classes } from "../../../ui/css.ts";
import { Empty } from "../../../ui/Empty.tsx";
import { Segmented } from "../../../ui/Segmented.tsx";
import styles from "./LaunchesPane.module.css";
import { LaunchGrid } from "./LaunchGrid.tsx";
import { MetricList } from "./MetricList.tsx";
import { RooflineChart } from "./RooflineChart.tsx";

const css = classes(styles);

const parts = [
  { value: "metrics", title: "Metrics" },
  { value: "roofline", title: "Roofline" },
] as const;
type Part = (typeof parts)[number]["value"];

/** Kernels that were measured one by one: their table, and the metrics or the roofline of them. In place of a timeline. */
export function LaunchesPane({ tab }: { readonly tab: TraceTab }) {
  const { reply, error } = useEngineQuery("launch.list", { trace: tab.key }, revisionOf(tab.summary));
  if (error !== null) return <Empty title="The kernels could not be listed">{error}</Empty>;
  if (reply === null) return <Empty title="Reading the kernels…" />;
  return <Launches tab={tab} list={reply} />;
}

function Launches({ tab, list }: { readonly tab: TraceTab; readonly list: LaunchList }) {
  const [current, setCurrent] = useState(0);
  const [part, setPart] = useState<Part>("metrics");
  const launch = list.launches[current] ?? null;
  const omitted = list.launchCount - list.launches.length;
  const title = useMemo(
    () => `${formatCounted(list.launchCount, "kernel")}, each run alone: no time axis`,
    [list.launchCount],
  );
  return (
    <div className={css("pane")}>
      <section className={css("table")} aria-label="Kernels">
        <p className={css("note")}>
          {title}
          {omitted > 0 ? `; the first ${list.launches.length} are listed` : ""}
        </p>
        <LaunchGrid launches={list.launches} current={current} onCurrent={setCurrent} />
      </section>
      <section className={css("side")} aria-label="The selected kernel">
        <div className={css("head")}>
          <h2 className={css("title")} title={launch?.signature ?? launch?.name}>
            {launch?.name ?? ""}
          </h2>
          <Segmented label="What to show" value={part} options={parts} onChange={setPart} />
        </div>
        {part === "metrics" ? (
          <MetricList trace={tab.key} launch={current} metrics={list.metrics} />
        ) : (
          <RooflineChart list={list} fileName={tab.fileName} onChoose={setCurrent} />
        )}
      </section>
    </div>
  );
}
