/** A cleared canvas of that many CSS px, drawn in device px; null before it is on the page. */
export function prepareCanvas(
  canvas: HTMLCanvasElement | null,
  widthPx: number,
  heightPx: number,
): CanvasRenderingContext2D | null {
  const context = canvas?.getContext("2d") ?? null;
  if (canvas === null || context === null || widthPx === 0) return null;
  canvas.width = Math.round(widthPx * devicePixelRatio);
  canvas.height = Math.round(heightPx * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}
