import { type MouseEvent, useLayoutEffect, useRef } from "react";
import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { useApp } from "../state/store.ts";
import { usePalette } from "../theme/theme.ts";
import { classes } from "../ui/css.ts";
import { prepareCanvas } from "../ui/prepare-canvas.ts";
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
  readonly widthPx: number;
  readonly search: string;
  readonly hovered: number | null;
  readonly selected: number | null;
  readonly onPoint: (pointed: PointedBox | null) => void;
  readonly onChoose: (node: number) => void;
  readonly onZoom: (node: number) => void;
}

/** The boxes as pixels, and what the pointer does to them. */
export function FlameCanvas({
  tree,
  boxes,
  widthPx,
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

  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, widthPx, heightPx);
    if (context === null) return;
    drawFlame(context, tree, boxes, { palette, coloring, hovered, selected, search });
  }, [boxes, widthPx, heightPx, palette, coloring, hovered, selected, search, tree]);

  const under = (event: MouseEvent): PointedBox | null => {
    const area = event.currentTarget.getBoundingClientRect();
    const xPx = event.clientX - area.left;
    const yPx = event.clientY - area.top;
    const box = boxAt(boxes, xPx, Math.floor(yPx / flameRowPx));
    return box === null ? null : { box, xPx, yPx };
  };
  const withBox = (act: (node: number) => void) => (event: MouseEvent) => {
    const node = under(event)?.box.node;
    if (node !== undefined) act(node);
  };
  return (
    <canvas
      ref={canvasRef}
      className={css("canvas")}
      style={{ height: heightPx }}
      onPointerMove={(event) => onPoint(under(event))}
      onPointerLeave={() => onPoint(null)}
      onClick={withBox(onChoose)}
      onDoubleClick={withBox(onZoom)}
    />
  );
}
