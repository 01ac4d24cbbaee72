import { type MouseEvent, useLayoutEffect, useRef } from "react";
import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { useApp } from "../state/store.ts";
import { usePalette } from "../theme/theme.ts";
import { classes } from "../ui/css.ts";
import { prepareCanvas } from "../ui/prepare-canvas.ts";
import { boxesInView, type ScrollView } from "../ui/use-scroll-view.ts";
import { drawFlame, flameRowPx } from "./draw-flame.ts";
import { boxAt, type FlameBox } from "./flame-layout.ts";
import styles from "./FlameGraph.module.css";

const css = classes(styles);

/** A box under the pointer; px from the upper left corner of the graph. */
export interface PointedBox {
  readonly box: FlameBox;
  readonly xPx: number;
  readonly yPx: number;
}

export interface FlameCanvasProps {
  readonly tree: CallTree;
  readonly boxes: readonly FlameBox[];
  readonly view: ScrollView;
  readonly search: string;
  readonly hovered: number | null;
  readonly selected: number | null;
  readonly onPoint: (pointed: PointedBox | null) => void;
  readonly onChoose: (node: number) => void;
  readonly onZoom: (node: number) => void;
}

/** The boxes on the screen as pixels, and what the pointer does to them: no canvas is as high as a deep graph. */
export function FlameCanvas({
  tree,
  boxes,
  view,
  search,
  hovered,
  selected,
  onPoint,
  onChoose,
  onZoom,
}: FlameCanvasProps) {
  const palette = usePalette();
  const coloring = useApp((state) => state.coloring);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const heightPx = flameRowPx * (1 + boxes.reduce((most, box) => Math.max(most, box.level), 0));
  const shownPx = Math.min(heightPx, view.heightPx);

  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, view.widthPx, shownPx);
    if (context === null) return;
    context.translate(0, -view.topPx);
    drawFlame(context, tree, boxesInView(boxes, flameRowPx, view), { palette, coloring, hovered, selected, search });
  }, [boxes, view, shownPx, palette, coloring, hovered, selected, search, tree]);

  const under = (event: MouseEvent): PointedBox | null => {
    const area = event.currentTarget.getBoundingClientRect();
    const xPx = event.clientX - area.left;
    const yPx = event.clientY - area.top + view.topPx;
    const box = boxAt(boxes, xPx, Math.floor(yPx / flameRowPx));
    return box === null ? null : { box, xPx, yPx };
  };
  const withBox = (act: (node: number) => void) => (event: MouseEvent) => {
    const node = under(event)?.box.node;
    if (node !== undefined) act(node);
  };
  return (
    <div style={{ height: heightPx }}>
      <canvas
        ref={canvasRef}
        className={css("canvas")}
        style={{ height: shownPx }}
        onPointerMove={(event) => onPoint(under(event))}
        onPointerLeave={() => onPoint(null)}
        onClick={withBox(onChoose)}
        onDoubleClick={withBox(onZoom)}
      />
    </div>
  );
}
