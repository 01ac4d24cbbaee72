import { type MouseEvent, useLayoutEffect, useRef } from "react";
import { classes } from "./css.ts";
import { prepareCanvas } from "./prepare-canvas.ts";
import styles from "./ScrolledCanvas.module.css";
import type { ScrollView } from "./use-scroll-view.ts";

const css = classes(styles);

/** A box of a node under the pointer; null where the node has none. */
interface Pointed {
  readonly box: { readonly node: number | null };
}

export interface ScrolledCanvasProps<Found extends Pointed> {
  /** Of all that can be scrolled to, CSS px. */
  readonly heightPx: number;
  readonly view: ScrollView;
  /** Draws what is in view, in px from the upper left corner of the whole; another function where that changes. */
  readonly draw: (context: CanvasRenderingContext2D) => void;
  /** What lies there, in the same px. */
  readonly find: (xPx: number, yPx: number) => Found | null;
  readonly onPoint: (found: Found | null) => void;
  readonly onChoose: (node: number) => void;
  readonly onZoom: (node: number) => void;
}

/** What is on the screen of boxes of nodes as pixels, and what the pointer does to them: no canvas is as high as all. */
export function ScrolledCanvas<Found extends Pointed>({
  heightPx,
  view,
  draw,
  find,
  onPoint,
  onChoose,
  onZoom,
}: ScrolledCanvasProps<Found>) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const shownPx = Math.min(heightPx, view.heightPx);

  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, view.widthPx, shownPx);
    if (context === null) return;
    context.translate(0, -view.topPx);
    draw(context);
  }, [draw, view, shownPx]);

  const under = (event: MouseEvent): Found | null => {
    const area = event.currentTarget.getBoundingClientRect();
    return find(event.clientX - area.left, event.clientY - area.top + view.topPx);
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
