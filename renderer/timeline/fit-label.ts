import { shortName } from "../names/short-name.ts";
import { isolate } from "../names/isolate.ts";

/** Width of a text in the font of the labels, px. */
export type MeasureText = (text: string) => number;

const ellipsis = "…";
/** Fewer characters than this say nothing. */
const minCharacters = 3;
const maxCachedWidths = 20_000;
/** No three characters of any font in use fit in less. */
const minRoomPx = 8;

/**
 * The part of a name that fits, with an ellipsis at its end; "" when fewer than three characters would.
 * A name of one or two characters is shown when it fits whole.
 */
export function fitLabel(text: string, roomPx: number, measure: MeasureText): string {
  if (roomPx <= 0 || text === "") return "";
  const whole = measure(text);
  if (whole <= roomPx) return text;
  const room = roomPx - measure(ellipsis);
  let low = 0;
  let high = Math.min(text.length, Math.ceil((roomPx / whole) * text.length * 2) + 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(text.slice(0, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  if (low > 0 && isHighSurrogate(text.charCodeAt(low - 1))) low--;
  return low < minCharacters ? "" : text.slice(0, low).trimEnd() + ellipsis;
}

/** Remembers widths: measuring is the dear part of drawing labels. */
export function cachedMeasure(measure: MeasureText): MeasureText {
  const widths = new Map<string, number>();
  return (text) => {
    const known = widths.get(text);
    if (known !== undefined) return known;
    if (widths.size >= maxCachedWidths) widths.clear();
    const width = measure(text);
    widths.set(text, width);
    return width;
  };
}

/** Remembers the label of a name at a width, in steps of whole pixels: the name, a shorter one, or what fits of that. */
export class LabelCache {
  readonly #labels = new Map<string, string>();
  readonly #measure: MeasureText;

  constructor(measure: MeasureText) {
    this.#measure = cachedMeasure(measure);
  }

  label(text: string, roomPx: number): string {
    const room = Math.floor(roomPx);
    if (room < minRoomPx) return "";
    if (this.#measure(text) <= room) return isolate(text);
    const key = `${room} ${text}`;
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    if (this.#labels.size >= maxCachedWidths) this.#labels.clear();
    const label = isolate(fitLabel(shortName(text), room, this.#measure));
    this.#labels.set(key, label);
    return label;
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
