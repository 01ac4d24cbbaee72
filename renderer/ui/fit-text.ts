import { isolate } from "../names/isolate.ts";

/** The text, or as much of its beginning as `roomPx` takes with an ellipsis; empty where that is nearly nothing. */
export function fitText(context: CanvasText, text: string, roomPx: number): string {
  if (context.measureText(text).width <= roomPx) return isolate(text);
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= roomPx) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? "" : isolate(`${text.slice(0, low)}…`);
}
