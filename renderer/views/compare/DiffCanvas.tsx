import { useCallback } from "react";
import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { usePalette } from "../../theme/theme.ts";
import { ScrolledCanvas } from "../../ui/ScrolledCanvas.tsx";
import { boxesInView, type ScrollView } from "../../ui/use-scroll-view.ts";
import { boxAt, type DiffBox } from "./diff-layout.ts";
import { diffRowPx, drawDiffPanel, graphHeight, type PlacedPanel } from "./draw-diff.ts";

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

/** The panels of a comparison, drawn and pointed at. */
export function DiffCanvas(props: DiffCanvasProps) {
  const { tree, boxes, places, view, search, changed, hovered, selected, ...actions } = props;
  const palette = usePalette();
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      const shown = boxesInView(boxes, diffRowPx, view);
      for (const place of places)
        drawDiffPanel(context, tree, shown, place, { palette, hovered, selected, search, changed });
    },
    [boxes, places, view, palette, hovered, selected, search, changed, tree],
  );
  const find = (xPx: number, yPx: number): PointedSlot | null => {
    const place = places.find((each) => xPx >= each.leftPx && xPx < each.leftPx + each.widthPx);
    if (place === undefined) return null;
    const box = boxAt(boxes, xPx - place.leftPx, Math.floor(yPx / diffRowPx));
    return box === null ? null : { box, xPx };
  };
  return <ScrolledCanvas heightPx={graphHeight(boxes)} view={view} draw={draw} find={find} {...actions} />;
}
