import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { formatCounted, formatDuration, formatShare } from "../../traces/model/format-units.ts";
import { selectSpanById } from "../state/span-actions.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { scrollToRow, useScrollView } from "../ui/use-scroll-view.ts";
import { childrenOf, nodeCount, nodeName, nodeSelf, nodeTotal, rootNode } from "./call-tree.ts";
import { flameRowPx } from "./draw-flame.ts";
import { FlameCanvas, type PointedBox } from "./FlameCanvas.tsx";
import { layoutFlame } from "./flame-layout.ts";
import styles from "./FlameGraph.module.css";

const css = classes(styles);

export interface FlameGraphProps {
  readonly tab: TraceTab;
  readonly tree: CallTree;
  readonly focus: number;
  readonly onFocus: (node: number) => void;
  /** Lower case. */
  readonly search: string;
}

/** The drawn graph: arrows walk, Enter zooms in, Backspace out. The call tree beside it says the same as a table. */
export function FlameGraph({ tab, tree, focus, onFocus, search }: FlameGraphProps) {
  const store = useAppStore();
  const [view, scrollRef] = useScrollView();
  const { widthPx } = view;
  const [pointed, setPointed] = useState<PointedBox | null>(null);
  // Numbers of nodes hold for one answer.
  const [place, setPlace] = useState<{ readonly of: CallTree; readonly node: number } | null>(null);
  const current = place?.of === tree ? place.node : null;
  const children = useMemo(() => childrenOf(tree), [tree]);
  const boxes = useMemo(() => layoutFlame(tree, children, focus, widthPx), [tree, children, focus, widthPx]);
  useEffect(() => {
    const box = boxes.find(({ node }) => node === current);
    if (box !== undefined) scrollToRow(scrollRef.current, box.level * flameRowPx, flameRowPx);
  }, [boxes, current, scrollRef]);
  useEffect(() => () => store.getState().setHover(null), [store]);

  const point = (next: PointedBox | null): void => {
    if (next?.box.node !== pointed?.box.node)
      store
        .getState()
        .setHover(next === null ? null : { origin: "dock", span: null, name: nodeName(tree, next.box.node) });
    setPointed(next);
  };
  const choose = (node: number): void => {
    setPlace({ of: tree, node });
    store.getState().announce(`${nodeName(tree, node)}, ${nodeNumbers(tree, node)}, depth ${tree.depth[node] ?? 0}`);
    const span = tree.longestSpan[node] ?? -1;
    if (span >= 0) void selectSpanById(store, tab.key, span, { reveal: false, zoom: false });
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = flameTarget(event.key, tree, children, current ?? focus);
    if (target !== undefined) {
      if (target !== rootNode) choose(target);
    } else if (event.key === "Enter" && current !== null) onFocus(current);
    else if (event.key === "Backspace" && focus !== rootNode) onFocus(tree.parent[focus] ?? rootNode);
    else return;
    event.preventDefault();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application handles its own keys
    <div
      ref={scrollRef}
      className={css("scroll")}
      role="application"
      aria-label="Flame graph. Arrows walk, Enter zooms in, Backspace zooms out. The call tree shows the same as a table."
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={handleKey}
    >
      <FlameCanvas
        tree={tree}
        boxes={boxes}
        view={view}
        search={search}
        hovered={pointed?.box.node ?? null}
        selected={current}
        onPoint={point}
        onChoose={choose}
        onZoom={onFocus}
      />
      {pointed === null ? null : <FlameTooltip tree={tree} pointed={pointed} widthPx={widthPx} />}
    </div>
  );
}

function FlameTooltip({
  tree,
  pointed,
  widthPx,
}: {
  readonly tree: CallTree;
  readonly pointed: PointedBox;
  readonly widthPx: number;
}) {
  const { box } = pointed;
  const leftPx = Math.max(4, Math.min(pointed.xPx + 12, widthPx - 340));
  return (
    <div className={css("tooltip")} style={{ left: leftPx, top: (box.level + 1) * flameRowPx + 6 }}>
      <strong className={css("name")}>{nodeName(tree, box.node)}</strong>
      <span>{nodeNumbers(tree, box.node)}</span>
    </div>
  );
}

/** Where an arrow leads from a node; undefined for other keys, the root where there is nothing. */
export function flameTarget(
  key: string,
  tree: CallTree,
  children: readonly (readonly number[])[],
  from: number,
): number | undefined {
  const parent = tree.parent[from] ?? rootNode;
  const siblings = from === rootNode ? [] : (children[parent] ?? []);
  const place = siblings.indexOf(from);
  switch (key) {
    case "ArrowDown":
      return children[from]?.[0] ?? rootNode;
    case "ArrowUp":
      return Math.max(rootNode, parent);
    case "ArrowLeft":
      return siblings[place - 1] ?? rootNode;
    case "ArrowRight":
      return siblings[place + 1] ?? rootNode;
    default:
      return undefined;
  }
}

function nodeNumbers(tree: CallTree, node: number): string {
  const total = nodeTotal(tree, node);
  const share = formatShare(total / Math.max(1, nodeTotal(tree, rootNode)));
  return `${formatDuration(total)}, ${share}; self ${formatDuration(nodeSelf(tree, node))}; ${formatCounted(nodeCount(tree, node), "span")}`;
}
