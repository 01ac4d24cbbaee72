import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { ComparisonSummary, DiffTree } from "../../../traces/compare/comparison.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import { signedDuration } from "../../charts/change.ts";
import { ExportMenu } from "../../charts/ExportMenu.tsx";
import { SvgPen } from "../../charts/svg-pen.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { selectSpanById } from "../../state/span-actions.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { Paper } from "../../theme/paper.ts";
import { classes } from "../../ui/css.ts";
import { scrollToRow, useScrollView } from "../../ui/use-scroll-view.ts";
import { DiffCanvas, type DiffCanvasProps, type PointedSlot } from "./DiffCanvas.tsx";
import { layoutDiff } from "./diff-layout.ts";
import { DiffMirrorTree } from "./DiffMirrorTree.tsx";
import { changedNodes, diffTable, nameOf, nodeOfRow, nodeWords, rootNode, stepInTree } from "./diff-tree.ts";
import { type DiffPanel, diffRowPx, drawDiffPanel, graphHeight, type PlacedPanel } from "./draw-diff.ts";
import styles from "./DiffFlame.module.css";

const css = classes(styles);
const gapPx = 10;
const tooltipPx = 420;
/** Room for the titles of the panels in an exported picture. */
const titlePx = 22;
const titles: Readonly<Record<DiffPanel, string>> = { before: "A · before", change: "Change", after: "B · after" };

export interface DiffFlameGraphProps {
  readonly summary: ComparisonSummary;
  readonly tree: DiffTree;
  /** Children of every node, in the order drawn. */
  readonly roots: readonly (readonly number[])[];
  readonly focus: number;
  readonly onFocus: (node: number) => void;
  readonly panels: readonly DiffPanel[];
  /** Lower case. */
  readonly search: string;
  /** Changes smaller than this part of the step fade. */
  readonly leastChange: number;
}

/** The drawn graph: arrows walk, Enter zooms in, Backspace out; a node chosen here is chosen everywhere. */
export function DiffFlameGraph(props: DiffFlameGraphProps) {
  const { summary, tree, roots, focus, onFocus, panels, search, leastChange } = props;
  const store = useAppStore();
  const row = useApp((state) => state.compareRow);
  const [view, scrollRef] = useScrollView();
  const { widthPx } = view;
  const [pointed, setPointed] = useState<PointedSlot | null>(null);
  const [place, setPlace] = useState<{ readonly of: DiffTree; readonly node: number } | null>(null);
  const own = place?.of === tree ? place.node : null;
  const current = own !== null && (tree.row[own] ?? -1) < 0 ? own : (nodeOfRow(tree, row) ?? own);
  const panelPx = Math.max(0, (widthPx - gapPx * (panels.length - 1)) / panels.length);
  const boxes = useMemo(() => layoutDiff(tree, roots, focus, panelPx), [tree, roots, focus, panelPx]);
  useEffect(() => {
    const box = current === null ? undefined : boxes.find(({ node }) => node === current);
    if (box !== undefined) scrollToRow(scrollRef.current, box.level * diffRowPx, diffRowPx);
  }, [boxes, current, scrollRef]);
  const changed = useMemo(() => changedNodes(tree, leastChange), [tree, leastChange]);
  const places = panels.map((panel, index): PlacedPanel => ({
    panel,
    leftPx: index * (panelPx + gapPx),
    widthPx: panelPx,
  }));

  const choose = (node: number): void => {
    setPlace({ of: tree, node });
    const rowOfNode = tree.row[node] ?? -1;
    store.getState().selectCompareRow(rowOfNode < 0 ? null : rowOfNode);
    store.getState().announce(`${nameOf(tree, node)}, ${nodeWords(tree, node)}`);
  };
  const show = (node: number, side: SideName): void => {
    const part = (side === "before" ? tree.beforePart : tree.afterPart)[node] ?? -1;
    const span = (side === "before" ? tree.beforeSpan : tree.afterSpan)[node] ?? -1;
    const trace = summary[side].parts[part]?.trace ?? null;
    if (span < 0 || trace === null) return;
    store.getState().activateTab(trace);
    void selectSpanById(store, trace, span, { reveal: true, zoom: true });
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyAction(event.key, { tree, roots, current, focus, choose, show, onFocus });
    if (act === null) return;
    act();
    event.preventDefault();
  };

  return (
    <div className={css("graph")}>
      <div className={css("titles")} style={{ gap: gapPx }} aria-hidden>
        {panels.map((panel) => (
          <span key={panel}>{titles[panel]}</span>
        ))}
      </div>
      <DiffExport tree={tree} boxes={boxes} places={places} widthPx={widthPx} search={search} changed={changed} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application handles its own keys */}
      <div
        ref={scrollRef}
        className={css("scroll")}
        role="application"
        aria-label="Differential flame graph. Arrows walk, Enter zooms in, Backspace zooms out, 1 and 2 show the longest span before and after."
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={handleKey}
      >
        <DiffCanvas
          tree={tree}
          boxes={boxes}
          places={places}
          view={view}
          search={search}
          changed={changed}
          hovered={pointed?.box.node ?? null}
          selected={current}
          onPoint={setPointed}
          onChoose={choose}
          onZoom={onFocus}
        />
        {pointed === null ? null : <SlotTooltip tree={tree} pointed={pointed} widthPx={widthPx} />}
      </div>
      <DiffMirrorTree tree={tree} nodes={roots} current={current ?? focus} onChoose={choose} />
    </div>
  );
}

/** The graph as it stands, with the titles of its panels, and all of its nodes as numbers. */
function DiffExport({
  tree,
  boxes,
  places,
  widthPx,
  search,
  changed,
}: Pick<DiffCanvasProps, "tree" | "boxes" | "places" | "search" | "changed"> & { readonly widthPx: number }) {
  const draw = ({ palette }: Paper): SVGSVGElement => {
    const pen = new SvgPen(widthPx, titlePx + graphHeight(boxes));
    pen.font = `11.5px ${palette.font}`;
    pen.fillStyle = palette.css.text;
    for (const { panel, leftPx } of places) pen.fillText(titles[panel], leftPx, titlePx - 8);
    pen.translate(0, titlePx);
    const look = { palette, hovered: null, selected: null, search, changed };
    for (const place of places) drawDiffPanel(pen, tree, boxes, place, look);
    return pen.svg;
  };
  return (
    <div className={css("export")}>
      <ExportMenu title="Differential flame graph" fileName="flame-graph" chart={draw} table={() => diffTable(tree)} />
    </div>
  );
}

function SlotTooltip({
  tree,
  pointed,
  widthPx,
}: {
  readonly tree: DiffTree;
  readonly pointed: PointedSlot;
  readonly widthPx: number;
}) {
  const { box } = pointed;
  const leftPx = Math.max(4, Math.min(pointed.xPx + 12, widthPx - tooltipPx - 8));
  return (
    <div className={css("tooltip")} style={{ left: leftPx, top: (box.level + 1) * diffRowPx + 6, maxWidth: tooltipPx }}>
      {box.node === null ? (
        <span>{`${formatCounted(box.nodeCount, "narrow node")}, ${signedDuration(box.deltaNs)} per ${tree.per} together`}</span>
      ) : (
        <>
          <strong className={css("name")}>{nameOf(tree, box.node)}</strong>
          <span>{nodeWords(tree, box.node)}</span>
        </>
      )}
    </div>
  );
}

interface KeyContext {
  readonly tree: DiffTree;
  readonly roots: readonly (readonly number[])[];
  readonly current: number | null;
  readonly focus: number;
  readonly choose: (node: number) => void;
  readonly show: (node: number, side: SideName) => void;
  readonly onFocus: (node: number) => void;
}

/** What a key means here; null when it means nothing. */
function keyAction(key: string, context: KeyContext): (() => void) | null {
  const { tree, roots, current, focus, choose, show, onFocus } = context;
  const target = stepInTree(key, tree, roots, current ?? focus);
  if (target !== undefined) return () => (target === rootNode ? undefined : choose(target));
  if (key === "Backspace" && focus !== rootNode)
    return () => onFocus(Math.max(rootNode, tree.parent[focus] ?? rootNode));
  if (current === null) return null;
  if (key === "Enter") return () => onFocus(current);
  if (key === "1") return () => show(current, "before");
  return key === "2" ? () => show(current, "after") : null;
}
