import { ArrowLeft } from "lucide-react";
import { useMemo, useState } from "react";
import type { ComparisonSummary, DiffTree } from "../../../traces/compare/comparison.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import panelStyles from "../../dock/panel.module.css";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
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

/** Both call trees in one: shared slots, what each side has of them, and what changed. */
export function DiffFlamePanel({ summary }: { readonly summary: ComparisonSummary }) {
  const [order, setOrder] = useState<DiffOrder>("name");
  const [layout, setLayout] = useState<"three" | "change">("three");
  const [search, setSearch] = useState("");
  const [focusState, setFocus] = useState<{ readonly of: DiffTree; readonly node: number } | null>(null);
  const { reply, error } = useEngineQuery("compare.tree", { comparison: summary.comparison, maxNodes });
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
        <Segmented label="Order" value={order} options={orders} onChange={setOrder} />
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
