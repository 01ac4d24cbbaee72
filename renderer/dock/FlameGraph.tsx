import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { formatCounted, formatDuration, formatShare } from "../../traces/model/format-units.ts";
import { selectSpanById } from "../state/span-actions.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { usePalette } from "../theme/theme.ts";
import { classes } from "../ui/css.ts";
import { childrenOf, nodeCount, nodeName, nodeSelf, nodeTotal, rootNode } from "./call-tree.ts";
import { drawFlame, flameRowPx } from "./draw-flame.ts";
import { boxAt, type FlameBox, layoutFlame } from "./flame-layout.ts";
import styles from "./FlameGraph.module.css";

const css = classes(styles);

export interface FlameGraphProps {
  readonly tab: TraceTab;
  readonly tree: CallTree;
  readonly focus: number;
  readonly onFocus: (node: number) => void;
  readonly search: string;
}

interface Pointed {
  readonly box: FlameBox;
  readonly xPx: number;
  readonly yPx: number;
}

/** The drawn graph. The call tree beside it says the same as a table. */
export function FlameGraph({ tab, tree, focus, onFocus, search }: FlameGraphProps) {
  const store = useAppStore();
  const palette = usePalette();
  const scrollRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [current, setCurrent] = useState<number | null>(null);
  const children = useMemo(() => childrenOf(tree), [tree]);
  const boxes = useMemo(() => layoutFlame(tree, children, focus, widthPx), [tree, children, focus, widthPx]);
  const heightPx = flameRowPx * (1 + boxes.reduce((most, box) => Math.max(most, box.level), 0));
  useEffect(() => setCurrent(null), [tree]);
  useEffect(() => () => store.getState().setHover(null), [store]);

  useLayoutEffect(() => {
    const element = scrollRef.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidthPx(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d");
    if (canvas === null || context == null || widthPx === 0) return;
    const dpr = devicePixelRatio;
    canvas.width = Math.round(widthPx * dpr);
    canvas.height = Math.round(heightPx * dpr);
    context.scale(dpr, dpr);
    drawFlame(context, tree, boxes, { palette, hovered: pointed?.box.node ?? null, selected: current, search });
  }, [boxes, widthPx, heightPx, palette, pointed, current, search, tree]);

  const boxUnder = (event: MouseEvent): Pointed | null => {
    const area = event.currentTarget.getBoundingClientRect();
    const xPx = event.clientX - area.left;
    const yPx = event.clientY - area.top;
    const box = boxAt(boxes, xPx, Math.floor(yPx / flameRowPx));
    return box === null ? null : { box, xPx, yPx };
  };
  const point = (next: Pointed | null): void => {
    if (next?.box.node !== pointed?.box.node) store.getState().setHover(next === null ? null : { origin: "dock", span: null, name: nodeName(tree, next.box.node) });
    setPointed(next);
  };
  const choose = (node: number, zoomTimeline: boolean): void => {
    setCurrent(node);
    store.getState().announce(nodeText(tree, node));
    const span = tree.longestSpan[node] ?? -1;
    if (span >= 0) void selectSpanById(store, tab.key, span, { reveal: false, zoom: zoomTimeline });
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = current ?? focus;
    const siblings = children[tree.parent[at] ?? rootNode] ?? [];
    const place = siblings.indexOf(at);
    const moves: Readonly<Record<string, number | undefined>> = {
      ArrowDown: children[at]?.[0],
      ArrowUp: at === rootNode ? undefined : tree.parent[at],
      ArrowLeft: siblings[place - 1],
      ArrowRight: siblings[place + 1],
    };
    if (event.key in moves) {
      const target = moves[event.key];
      if (target !== undefined && target !== rootNode) choose(target, false);
    } else if (event.key === "Enter" && current !== null) onFocus(current);
    else if (event.key === "Backspace" && focus !== rootNode) onFocus(tree.parent[focus] ?? rootNode);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scrollRef}
      className={css("scroll")}
      role="application"
      aria-label="Flame graph. Arrows walk, Enter zooms in, Backspace zooms out. The call tree shows the same as a table."
      tabIndex={0}
      onKeyDown={handleKey}
    >
      <canvas
        ref={canvasRef}
        className={css("canvas")}
        style={{ height: heightPx }}
        onPointerMove={(event) => point(boxUnder(event))}
        onPointerLeave={() => point(null)}
        onClick={(event) => {
          const under = boxUnder(event);
          if (under !== null) choose(under.box.node, false);
        }}
        onDoubleClick={(event) => {
          const under = boxUnder(event);
          if (under !== null) onFocus(under.box.node);
        }}
      />
      {pointed === null ? null : <FlameTooltip tree={tree} pointed={pointed} widthPx={widthPx} />}
    </div>
  );
}

function FlameTooltip({ tree, pointed, widthPx }: { readonly tree: CallTree; readonly pointed: Pointed; readonly widthPx: number }) {
  const { box } = pointed;
  const leftPx = Math.max(4, Math.min(pointed.xPx + 12, widthPx - 340));
  return (
    <div className={css("tooltip")} style={{ left: leftPx, top: (box.level + 1) * flameRowPx + 6 }}>
      <strong className={css("name")}>{nodeName(tree, box.node)}</strong>
      <span>{nodeNumbers(tree, box.node)}</span>
    </div>
  );
}

function nodeNumbers(tree: CallTree, node: number): string {
  const total = nodeTotal(tree, node);
  const share = formatShare(total / Math.max(1, nodeTotal(tree, rootNode)));
  return `${formatDuration(total)}, ${share}; self ${formatDuration(nodeSelf(tree, node))}; ${formatCounted(nodeCount(tree, node), "span")}`;
}

const nodeText = (tree: CallTree, node: number): string => `${nodeName(tree, node)}, ${nodeNumbers(tree, node)}, depth ${tree.depth[node] ?? 0}`;
