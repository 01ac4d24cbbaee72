import { ArrowLeft } from "lucide-react";
import { useMemo, useState } from "react";
import type { ComparisonSummary, DeltaMetric, DeltaPer, DiffTree } from "../../../traces/compare/comparison.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import panelStyles from "../../dock/panel.module.css";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SelectInput } from "../../ui/Field.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { metrics, persOf } from "./delta-choices.ts";
import { childrenOf, type DiffOrder, nameOf, rootNode } from "./diff-tree.ts";
import { DiffFlameGraph } from "./DiffFlameGraph.tsx";
import styles from "./DiffFlame.module.css";

const css = classes({ ...panelStyles, ...styles });
const maxNodes = 20_000;
const orders = [
  { value: "name", title: "By name" },
  { value: "change", title: "By change" },
] as const;
const layouts = [
  { value: "three", title: "Before | Change | After" },
  { value: "change", title: "Change only" },
] as const;

/** As parts of the step; per call, of the call itself. */
const leastChanges = [
  { value: "0", title: "nothing" },
  { value: "0.001", title: "0.1 %" },
  { value: "0.01", title: "1 %" },
  { value: "0.05", title: "5 %" },
] as const;
type LeastChange = (typeof leastChanges)[number]["value"];

/** Both call trees in one: shared slots, what each side has of them, and what changed. */
export function DiffFlamePanel({ summary }: { readonly summary: ComparisonSummary }) {
  const [order, setOrder] = useState<DiffOrder>("name");
  const [layout, setLayout] = useState<"three" | "change">("three");
  const [search, setSearch] = useState("");
  const [focusState, setFocus] = useState<{ readonly of: DiffTree; readonly node: number } | null>(null);
  const [metric, setMetric] = useState<DeltaMetric>("total");
  const [per, setPer] = useState<DeltaPer>("step");
  const [leastChange, setLeastChange] = useState<LeastChange>("0");
  const { reply, error } = useEngineQuery("compare.tree", { comparison: summary.comparison, maxNodes, metric, per });
  // Numbers of nodes hold for one answer.
  const focus = reply !== null && focusState?.of === reply ? focusState.node : rootNode;
  const zoomTo = (node: number): void => {
    if (reply !== null) setFocus({ of: reply, node });
  };
  const children = useMemo(() => (reply === null ? [] : childrenOf(reply, order)), [reply, order]);
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <Segmented label="Panels" value={layout} options={layouts} onChange={setLayout} />
        <Segmented label="Time" value={metric} options={metrics} onChange={setMetric} />
        <Segmented label="Measured" value={per} options={persOf(summary)} onChange={setPer} />
        <Segmented label="Order" value={order} options={orders} onChange={setOrder} />
        <span className={css("least")}>
          <span aria-hidden>Fade below</span>
          <SelectInput
            id="diff-least-change"
            label="Fade changes below"
            value={leastChange}
            choices={leastChanges}
            onChange={(value) => setLeastChange(value as LeastChange)}
          />
        </span>
        <IconButton
          icon={<ArrowLeft size={15} />}
          label="One level out"
          shortcut="Backspace"
          isDisabled={focus === rootNode}
          onPress={() => zoomTo(reply?.parent[focus] ?? rootNode)}
        />
        <span className={css("note")}>{reply === null || focus === rootNode ? "" : nameOf(reply, focus)}</span>
        <span className={css("spacer")} />
        {reply !== null && reply.omittedNodes > 0 ? (
          <span className={css("note")}>{`${formatCounted(reply.omittedNodes, "node")} left out for size`}</span>
        ) : null}
        <Legend />
        <div className={css("search")}>
          <SearchField
            label="Highlight names in the flame graph"
            placeholder="Highlight names"
            value={search}
            onChange={setSearch}
          />
        </div>
      </div>
      <div className={css("body")}>
        {error !== null ? (
          <Empty title="The flame graph could not be computed">{error}</Empty>
        ) : reply === null ? (
          <Empty title="Adding up…" />
        ) : reply.parent.length <= 1 ? (
          <Empty title="No spans to draw">Neither side has spans in a kept step.</Empty>
        ) : (
          <DiffFlameGraph
            summary={summary}
            tree={reply}
            roots={children}
            focus={focus}
            onFocus={zoomTo}
            panels={layout === "three" ? ["before", "change", "after"] : ["change"]}
            search={search.trim().toLowerCase()}
            leastChange={Number(leastChange)}
          />
        )}
      </div>
    </div>
  );
}

function Legend() {
  return (
    <span className={css("legend")}>
      <span className={css("swatch", "slower")}>▲ slower</span>
      <span className={css("swatch", "faster")}>▼ faster</span>
      <span className={css("swatch", "even")}>· not significant</span>
      <span className={css("swatch", "added")}>+ only after</span>
      <span className={css("swatch", "removed")}>− only before</span>
    </span>
  );
}
