import { type MouseEvent, useLayoutEffect, useRef } from "react";
import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { usePalette } from "../../theme/theme.ts";
import { classes } from "../../ui/css.ts";
import { prepareCanvas } from "../../ui/prepare-canvas.ts";
import { boxesInView, type ScrollView } from "../../ui/use-scroll-view.ts";
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
  readonly view: ScrollView;
  readonly search: string;
  readonly changed: Uint8Array;
  readonly hovered: number | null;
  readonly selected: number | null;
  readonly onPoint: (pointed: PointedSlot | null) => void;
  readonly onChoose: (node: number) => void;
  readonly onZoom: (node: number) => void;
}

/** What is on the screen of the panels as pixels, and what the pointer does to them. */
export function DiffCanvas(props: DiffCanvasProps) {
  const { tree, boxes, places, view, search, changed, hovered, selected, onPoint, onChoose, onZoom } = props;
  const palette = usePalette();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const heightPx = graphHeight(boxes);
  const shownPx = Math.min(heightPx, view.heightPx);

  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, view.widthPx, shownPx);
    if (context === null) return;
    context.translate(0, -view.topPx);
    const shown = boxesInView(boxes, diffRowPx, view);
    for (const place of places)
      drawDiffPanel(context, tree, shown, place, { palette, hovered, selected, search, changed });
  }, [boxes, places, view, shownPx, palette, hovered, selected, search, changed, tree]);

  const under = (event: MouseEvent): PointedSlot | null => {
    const area = event.currentTarget.getBoundingClientRect();
    const xPx = event.clientX - area.left;
    const place = places.find((each) => xPx >= each.leftPx && xPx < each.leftPx + each.widthPx);
    if (place === undefined) return null;
    const box = boxAt(boxes, xPx - place.leftPx, Math.floor((event.clientY - area.top + view.topPx) / diffRowPx));
    return box === null ? null : { box, xPx };
  };
  const withNode = (act: (node: number) => void) => (event: MouseEvent) => {
    const node = under(event)?.box.node ?? null;
    if (node !== null) act(node);
  };
  return (
    <div style={{ height: heightPx }}>
      <canvas
        ref={canvasRef}
        className={css("canvas")}
        style={{ height: shownPx }}
        onPointerMove={(event) => onPoint(under(event))}
        onPointerLeave={() => onPoint(null)}
        onClick={withNode(onChoose)}
        onDoubleClick={withNode(onZoom)}
      />
    </div>
  );
}
