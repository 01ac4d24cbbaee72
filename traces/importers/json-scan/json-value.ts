import { decodeJsonString, decodeUtf8 } from "./json-text.ts";

/** A number, digit by digit as in the file. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Objects are maps, so that no name of the file is special; nesting costs heap, not stack. */
export type JsonValue = string | boolean | null | JsonNumber | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/**
 * Parses the JSON value in [start, end) of `bytes`. Tolerant: trailing commas are passed over, what breaks off is
 * closed, of equal keys the last one wins, words that JSON does not know (NaN, Infinity) become null.
 */
// One loop instead of recursion, so that nesting costs heap only.
// oxlint-disable-next-line complexity
export function parseJson(bytes: Uint8Array, start = 0, end: number = bytes.length): JsonValue {
  const stack: (JsonValue[] | JsonObject)[] = [];
  let root: JsonValue = null;
  let key: string | null = null;
  let p = start;
  const put = (value: JsonValue): void => {
    const holder = stack.at(-1);
    if (holder === undefined) root = value;
    else if (Array.isArray(holder)) holder.push(value);
    else if (key !== null) holder.set(key, value);
  };
  while (p < end) {
    const c = bytes[p];
    if (c <= 0x20 || c === 0x2c || c === 0x3a) {
      p++;
      continue;
    }
    if (c === 0x7b || c === 0x5b) {
      const holder: JsonValue[] | JsonObject = c === 0x7b ? new Map() : [];
      put(holder);
      stack.push(holder);
      key = null;
      p++;
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop();
      key = null;
      p++;
      if (stack.length === 0) break;
    } else {
      const after = c === 0x22 ? stringEnd(bytes, p, end) : scalarEnd(bytes, p, end);
      const value =
        c === 0x22
          ? decodeJsonString(bytes.subarray(p + 1, after - 1), true)
          : toScalar(decodeUtf8(bytes.subarray(p, after)));
      p = after;
      const holder = stack.at(-1);
      if (holder instanceof Map && key === null && typeof value === "string") {
        key = value;
        continue;
      }
      put(value);
      key = null;
      if (stack.length === 0) break;
    }
  }
  return root;
}

/** Position behind the string that opens at `p`, at most `end` (+ 1 when its quote is missing). */
export function stringEnd(bytes: Uint8Array, p: number, end: number): number {
  for (p++; p < end; p++) {
    if (bytes[p] === 0x22) return p + 1;
    if (bytes[p] === 0x5c) p++;
  }
  return end + 1;
}

function scalarEnd(bytes: Uint8Array, p: number, end: number): number {
  while (p < end && !isDelimiter(bytes[p])) p++;
  return p;
}

function isDelimiter(byte: number): boolean {
  return (
    byte <= 0x20 || byte === 0x2c || byte === 0x3a || byte === 0x22 || (byte | 0x20) === 0x7b || (byte | 0x20) === 0x7d
  );
}

function toScalar(text: string): JsonValue {
  if (text === "true") return true;
  if (text === "false") return false;
  return /^[-+.\d]/.test(text) ? new JsonNumber(text) : null;
}

/** Text of a string or number; null for everything else. */
export function textOf(value: JsonValue | undefined): string | null {
  if (typeof value === "string") return value;
  return value instanceof JsonNumber ? value.text : null;
}

/** A finite number, also from a numeric string; null for everything else. */
export function numberOf(value: JsonValue | undefined): number | null {
  const text = textOf(value);
  if (text === null || text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

export function objectOf(value: JsonValue | undefined): JsonObject | null {
  return value instanceof Map ? value : null;
}

export function arrayOf(value: JsonValue | undefined): readonly JsonValue[] | null {
  return Array.isArray(value) ? value : null;
}
