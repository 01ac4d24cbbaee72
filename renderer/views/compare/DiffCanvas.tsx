import { type MouseEvent, useLayoutEffect, useRef } from "react";
import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { usePalette } from "../../theme/theme.ts";
import { classes } from "../../ui/css.ts";
import { prepareCanvas } from "../../ui/prepare-canvas.ts";
import { boxAt, type DiffBox } from "./diff-layout.ts";
import { diffRowPx, drawDiffPanel, graphHeight, type PlacedPanel } from "./draw-diff.ts";
import styles from "./DiffFlame.module.css";

const css = classes(styles);

/** A slot under the pointer; px from the upper left corner of the graph. */
export interface PointedSlot {
  readonly box: DiffBox;
  readonly xPx: number;
}

export interface DiffCanvasProps {
  readonly tree: DiffTree;
  readonly boxes: readonly DiffBox[];
  readonly places: readonly PlacedPanel[];
  readonly widthPx: number;
  readonly search: string;
  readonly changed: Uint8Array;
  readonly hovered: number | null;
  readonly selected: number | null;
  readonly onPoint: (pointed: PointedSlot | null) => void;
  readonly onChoose: (node: number) => void;
  readonly onZoom: (node: number) => void;
}

/** The panels as pixels, and what the pointer does to them. */
export function DiffCanvas(props: DiffCanvasProps) {
  const { tree, boxes, places, widthPx, search, changed, hovered, selected, onPoint, onChoose, onZoom } = props;
  const palette = usePalette();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const heightPx = graphHeight(boxes);

  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, widthPx, heightPx);
    if (context === null) return;
    for (const place of places)
      drawDiffPanel(context, tree, boxes, place, { palette, hovered, selected, search, changed });
  }, [boxes, places, widthPx, heightPx, palette, hovered, selected, search, changed, tree]);

  const under = (event: MouseEvent): PointedSlot | null => {
    const area = event.currentTarget.getBoundingClientRect();
    const xPx = event.clientX - area.left;
    const place = places.find((each) => xPx >= each.leftPx && xPx < each.leftPx + each.widthPx);
    if (place === undefined) return null;
    const box = boxAt(boxes, xPx - place.leftPx, Math.floor((event.clientY - area.top) / diffRowPx));
    return box === null ? null : { box, xPx };
  };
  const withNode = (act: (node: number) => void) => (event: MouseEvent) => {
    const node = under(event)?.box.node ?? null;
    if (node !== null) act(node);
  };
  return (
    <canvas
      ref={canvasRef}
      className={css("canvas")}
      style={{ height: heightPx }}
      onPointerMove={(event) => onPoint(under(event))}
      onPointerLeave={() => onPoint(null)}
      onClick={withNode(onChoose)}
      onDoubleClick={withNode(onZoom)}
    />
  );
}
