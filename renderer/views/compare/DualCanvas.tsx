import { type MouseEvent, useLayoutEffect, useRef } from "react";
import { usePalette } from "../../theme/theme.ts";
import { classes } from "../../ui/css.ts";
import { prepareCanvas } from "../../ui/prepare-canvas.ts";
import { drawDual, type DualLook, spanAt } from "./draw-dual.ts";
import { drawDualAxis, type DualAxis } from "./draw-dual-axis.ts";
import type { DualLayout, DualSpan } from "./dual-layout.ts";
import styles from "./TimelinesPanel.module.css";

const css = classes(styles);

export interface DualCanvasProps {
  readonly layout: DualLayout;
  readonly look: Omit<DualLook, "palette">;
  readonly axis: DualAxis;
  readonly onPoint: (span: DualSpan | null) => void;
  readonly onShow: (span: DualSpan) => void;
}

/** Both steps as pixels, and what the pointer does to them. */
export function DualCanvas({ layout, look, axis, onPoint, onShow }: DualCanvasProps) {
  const palette = usePalette();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const { widthPx, toPx } = look;
  useLayoutEffect(() => {
    const context = prepareCanvas(canvasRef.current, widthPx, layout.heightPx);
    if (context === null) return;
    drawDualAxis(context, axis, { palette, widthPx, heightPx: layout.heightPx });
    drawDual(context, layout, { ...look, palette });
  });
  const under = (event: MouseEvent): DualSpan | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return spanAt(layout, { toPx }, event.clientX - box.left, event.clientY - box.top);
  };
  return (
    <canvas
      ref={canvasRef}
      className={css("canvas")}
      style={{ height: layout.heightPx }}
      onPointerMove={(event) => onPoint(under(event))}
      onPointerLeave={() => onPoint(null)}
      onDoubleClick={(event) => {
        const span = under(event);
        if (span !== null) onShow(span);
      }}
    />
  );
}
