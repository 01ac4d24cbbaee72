import { useCallback } from "react";
import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { useApp } from "../state/store.ts";
import { usePalette } from "../theme/theme.ts";
import { ScrolledCanvas } from "../ui/ScrolledCanvas.tsx";
import { boxesInView, type ScrollView } from "../ui/use-scroll-view.ts";
import { drawFlame, flameRowPx } from "./draw-flame.ts";
import { boxAt, type FlameBox } from "./flame-layout.ts";

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

/** The boxes of a flame graph, drawn and pointed at. */
export function FlameCanvas({ tree, boxes, view, search, hovered, selected, ...actions }: FlameCanvasProps) {
  const palette = usePalette();
  const coloring = useApp((state) => state.coloring);
  const heightPx = flameRowPx * (1 + boxes.reduce((most, box) => Math.max(most, box.level), 0));
  const draw = useCallback(
    (context: CanvasRenderingContext2D) =>
      drawFlame(context, tree, boxesInView(boxes, flameRowPx, view), { palette, coloring, hovered, selected, search }),
    [boxes, view, palette, coloring, hovered, selected, search, tree],
  );
  const find = (xPx: number, yPx: number): PointedBox | null => {
    const box = boxAt(boxes, xPx, Math.floor(yPx / flameRowPx));
    return box === null ? null : { box, xPx, yPx };
  };
  return <ScrolledCanvas heightPx={heightPx} view={view} draw={draw} find={find} {...actions} />;
}
