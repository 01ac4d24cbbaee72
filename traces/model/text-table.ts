import { type Allocate, allocatePlain, lowerBound } from "./column.ts";

/**
 * Different texts by number, as bytes: a text is made when somebody reads it (`textOf`), so that millions of them are
 * nothing the collector has to look at, and lie in memory that threads share.
 */
export interface TextTable {
  readonly length: number;
  /** One text behind the other in UTF-8; a lone surrogate as the three bytes that its number would have. */
  readonly bytes: Uint8Array;
  /** Place behind the last byte of each text. */
  readonly ends: Uint32Array;
}

/** Bytes of all texts together are at most this many: places in them are uint32. */
export const mostTextBytes: number = 2 ** 32 - 1;

/** Bytes of one text are at most this many: a JavaScript string holds no more characters. */
export const longestTextBytes: number = 2 ** 29 - 25;

/** A table of texts that are all different. */
export function toTextTable(texts: readonly string[], allocate: Allocate = allocatePlain): TextTable {
  let length = 0;
  for (const text of texts) length += bytesOf(text);
  const bytes = new Uint8Array(allocate(length));
  const ends = new Uint32Array(allocate(texts.length * 4));
  let at = 0;
  for (let id = 0; id < texts.length; id++) ends[id] = at = writeText(texts[id], bytes, at);
  return { length: texts.length, bytes, ends };
}

/** Place of the first byte of a text. */
export function textStart({ ends }: TextTable, id: number): number {
  return id === 0 ? 0 : ends[id - 1];
}

/** Texts [first, end), made together: several times as fast as one by one, and kept by nobody. */
export function textsOf(table: TextTable, first = 0, end: number = table.length): string[] {
  const texts: string[] = [];
  for (let from = first, to = first; from < end; from = to) {
    to = Math.min(cutTexts(table, from, textsAtOnce, bytesAtOnce), end);
    for (const text of decodeTexts(table.bytes, table.ends, from, to)) texts.push(text);
  }
  return texts;
}

function decodeTexts(bytes: Uint8Array, ends: Uint32Array, first: number, end: number): string[] {
  const begin = first === 0 ? 0 : ends[first - 1];
  const joined = decoder.decode(bytes.subarray(begin, ends[end - 1]));
  // As many characters as bytes, and none for a byte that is no character: each is one.
  const isPlain = joined.length === ends[end - 1] - begin && !joined.includes("\uFFFD");
  const texts: string[] = [];
  for (let id = first, at = begin; id < end; at = ends[id++])
    texts.push(isPlain ? joined.slice(at - begin, ends[id] - begin) : decodeText(bytes, at, ends[id]));
  return texts;
}

/** End of the texts from `first` on that are no more than so many, and hold no more than so many bytes; one at least. */
export function cutTexts(table: TextTable, first: number, most: number, mostBytes: number): number {
  const last = Math.min(first + most, table.length);
  return lowerBound(table.ends, textStart(table, first) + mostBytes, Math.min(first + 1, last), last);
}

/** Calls `visit` with all texts in their order, some of which live at a time. */
export function forEachText(table: TextTable, visit: (text: string, id: number) => void): void {
  for (let first = 0, end = 0; first < table.length; first = end) {
    end = cutTexts(table, first, textsAtOnce, bytesAtOnce);
    for (const [i, text] of decodeTexts(table.bytes, table.ends, first, end).entries()) visit(text, first + i);
  }
}

const textsAtOnce = 1 << 12;
/** Far below the longest text that the engine has. */
const bytesAtOnce = 1 << 24;

/** Orders two texts of a table by their UTF-16 units, as `<` does, without making them. */
export function compareTexts(table: TextTable, a: number, b: number): number {
  const { bytes, ends } = table;
  let p = textStart(table, a);
  let q = textStart(table, b);
  const lengthA = ends[a] - p;
  const lengthB = ends[b] - q;
  for (const end = p + Math.min(lengthA, lengthB); p < end; p++, q++) {
    const difference = bytes[p] - bytes[q];
    if (difference === 0) continue;
    // Characters from U+D000 on: pairs of surrogates lie among them in UTF-16 and behind them in UTF-8.
    if (bytes[p] >= 0xed && bytes[q] >= 0xed) return textOf(table, a) < textOf(table, b) ? -1 : 1;
    return difference;
  }
  return lengthA - lengthB;
}

/** Writes a text from `at` on and returns the place behind it; there must be room for three bytes a UTF-16 unit. */
export function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes[at++] = unit;
    else {
      const point = text.codePointAt(i) ?? unit;
      if (point > 0xffff) i++;
      at = writePoint(point, bytes, at);
    }
  }
  return at;
}

/** Bytes that `writeText` writes. */
function bytesOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i++;
    // Beyond one for each unit.
    if (point >= 0x80) length += point < 0x800 ? 1 : 2;
  }
  return length;
}

function writePoint(point: number, bytes: Uint8Array, at: number): number {
  if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
  else {
    if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12);
    else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
    }
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
}

/** Whether the bytes are texts of a table: UTF-8 in its shortest form, lone surrogates included, but no pair of them. */
export function isText(bytes: Uint8Array, start: number, end: number): boolean {
  let isBehindHigh = false;
  for (let p = start; p < end;) {
    const first = bytes[p];
    if (first < 0x80) {
      isBehindHigh = false;
      p++;
      continue;
    }
    const length = lengthOf(first);
    if (length === 0 || p + length > end) return false;
    for (let i = 1; i < length; i++) if ((bytes[p + i] & 0xc0) !== 0x80) return false;
    const point = pointAt(bytes, p, length);
    if (point < leastPoints[length] || point > 0x10ffff) return false;
    if (isBehindHigh && point >= 0xdc00 && point < 0xe000) return false;
    isBehindHigh = point >= 0xd800 && point < 0xdc00;
    p += length;
  }
  return true;
}

/** By length of their bytes. */
const leastPoints = [0, 0, 0x80, 0x800, 0x10000];

/** Bytes of the character that begins with this one, two to four; 0 for what begins none. */
function lengthOf(first: number): number {
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

function pointAt(bytes: Uint8Array, p: number, length: number): number {
  let point = bytes[p] & (0x7f >> length);
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[p + i] & 0x3f);
  return point;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function decodeText(bytes: Uint8Array, start: number, end: number): string {
  const own = bytes.subarray(start, end);
  const text = decoder.decode(own);
  // The mark of what is no UTF-8: lone surrogates, or the mark itself.
  return text.includes("\uFFFD") && surrogateFrom(own, 0) !== own.length ? decodeAround(own) : text;
}

/** Place of the first lone surrogate, which is no UTF-8; the length where there is none. */
function surrogateFrom(bytes: Uint8Array, from: number): number {
  for (let p = bytes.indexOf(0xed, from); p !== -1; p = bytes.indexOf(0xed, p + 1)) if (bytes[p + 1] >= 0xa0) return p;
  return bytes.length;
}

/** What lies between surrogates is decoded together: texts added one by one would fill the memory. */
function decodeAround(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  for (let p = surrogateFrom(bytes, 0); p < bytes.length; p = surrogateFrom(bytes, from)) {
    if (p > from) parts.push(decoder.decode(bytes.subarray(from, p)));
    parts.push(String.fromCharCode(pointAt(bytes, p, 3)));
    from = p + 3;
  }
  if (from < bytes.length) parts.push(decoder.decode(bytes.subarray(from)));
  return parts.join("");
}

/** Texts that were read last, by number: of a small table all of them. */
export class RecentTexts {
  #ids: Int32Array = new Int32Array(fewestRecent).fill(-1);
  readonly #texts: string[] = Array.from({ length: fewestRecent }, () => "");

  /** Text `id`, whose bytes are [start, end). */
  read(id: number, bytes: Uint8Array, start: number, end: number): string {
    if (id >= this.#ids.length) this.#grow(id + 1);
    const slot = id & (this.#ids.length - 1);
    if (this.#ids[slot] === id) return this.#texts[slot];
    const text = decodeText(bytes, start, end);
    this.#ids[slot] = id;
    this.#texts[slot] = text;
    return text;
  }

  /** Texts [first, end), as many of the last as are kept, made together. */
  readAll(bytes: Uint8Array, ends: Uint32Array, first: number, end: number): void {
    this.#grow(end);
    for (let from = Math.max(first, end - this.#ids.length); from < end; from += textsAtOnce)
      for (const [i, text] of decodeTexts(bytes, ends, from, Math.min(from + textsAtOnce, end)).entries()) {
        const slot = (from + i) & (this.#ids.length - 1);
        this.#ids[slot] = from + i;
        this.#texts[slot] = text;
      }
  }

  /** To as many slots as a table of so many texts is worth. */
  #grow(length: number): void {
    const before = this.#ids.length;
    let size = before;
    while (size < length && size < mostRecent) size *= 4;
    if (size === before) return;
    // Each number so far is below the size so far, and so its own slot.
    const ids = new Int32Array(size).fill(-1);
    ids.set(this.#ids);
    this.#ids = ids;
    while (this.#texts.length < size) this.#texts.push("");
  }
}

const fewestRecent = 1 << 5;
const mostRecent = 1 << 13;
const recentOf = new WeakMap<TextTable, RecentTexts>();

/** The text of a number below the length of the table. */
export function textOf(table: TextTable, id: number): string {
  let recent = recentOf.get(table);
  if (recent === undefined) {
    recent = new RecentTexts();
    recentOf.set(table, recent);
  }
  return recent.read(id, table.bytes, textStart(table, id), table.ends[id]);
}
