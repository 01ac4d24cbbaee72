import { decodeJsonString } from "./json-text.ts";
import { type JsonObject, objectOf, parseJson, stringEnd } from "./json-value.ts";
import type { ContainerForm } from "./event-scanner.ts";

/** How much of a file is looked at to tell its format. */
export const headBytes: number = 64 * 1024;

/** What the head of a JSON file shows. */
export interface JsonHead {
  /** First character of the root value; null when the text starts like no JSON. */
  readonly root: "object" | "array" | null;
  readonly form: ContainerForm;
  /** Keys of the root object met so far. */
  readonly keys: readonly string[];
  /** Complete events of the head, in order, at most 64. */
  readonly events: readonly JsonObject[];
}

const maxEvents = 64;

/** Every importer asks about the same head; none changes it. */
const seen = new WeakMap<Uint8Array, JsonHead>();

/** Looks at the head of a JSON file without needing its end. Never throws. */
export function peekJson(head: Uint8Array): JsonHead {
  const known = seen.get(head);
  if (known !== undefined) return known;
  const found = look(head);
  seen.set(head, found);
  return found;
}

function look(head: Uint8Array): JsonHead {
  const start = skipBlank(head, startsWithMark(head) ? 3 : 0);
  if (head[start] === 0x5b) return withEvents({ root: "array", form: "container", keys: [] }, head, start + 1);
  if (head[start] !== 0x7b) return { root: null, form: "container", keys: [], events: [] };
  const { keys, eventsAt } = readKeys(head, start + 1);
  // Events one after another without a list around them: the root object is an event itself.
  const isLines = keys.includes("ph") && eventsAt === null;
  const form = isLines ? "lines" : "container";
  return withEvents({ root: "object", form, keys }, head, isLines ? start : eventsAt);
}

/** `at`: where the events are, null for none. They are read when somebody asks for them: few formats need to. */
function withEvents(found: Omit<JsonHead, "events">, head: Uint8Array, at: number | null): JsonHead {
  let events: JsonObject[] | null = null;
  return {
    ...found,
    get events() {
      return (events ??= at === null ? [] : readEvents(head, at));
    },
  };
}

function startsWithMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

function skipBlank(bytes: Uint8Array, p: number): number {
  while (p < bytes.length && (bytes[p] <= 0x20 || bytes[p] === 0x2c)) p++;
  return p;
}

function readKeys(head: Uint8Array, start: number): { keys: string[]; eventsAt: number | null } {
  const keys: string[] = [];
  let p = skipBlank(head, start);
  while (head[p] === 0x22) {
    const after = stringEnd(head, p, head.length);
    if (after > head.length) break;
    const key = decodeJsonString(head.subarray(p + 1, after - 1), true);
    p = skipBlank(head, after);
    if (head[p] !== 0x3a) break;
    keys.push(key);
    p = skipBlank(head, p + 1);
    if (key === "traceEvents" && head[p] === 0x5b) return { keys, eventsAt: p + 1 };
    const end = valueEnd(head, p);
    if (end === null) break;
    p = skipBlank(head, end);
  }
  return { keys, eventsAt: null };
}

function readEvents(head: Uint8Array, start: number): JsonObject[] {
  const events: JsonObject[] = [];
  let p = skipBlank(head, start);
  while (head[p] === 0x7b && events.length < maxEvents) {
    const end = valueEnd(head, p);
    if (end === null) break;
    const event = objectOf(parseJson(head, p, end));
    if (event !== null) events.push(event);
    p = skipBlank(head, end);
  }
  return events;
}

/** Position behind the value at `p`; null when it does not end in the head. */
function valueEnd(bytes: Uint8Array, p: number): number | null {
  let depth = 0;
  while (p < bytes.length) {
    const c = bytes[p];
    if (c === 0x22) {
      p = stringEnd(bytes, p, bytes.length);
      if (depth === 0) return p > bytes.length ? null : p;
      continue;
    }
    if (depth === 0 && (c === 0x2c || c <= 0x20)) return p;
    if ((c | 0x20) === 0x7b) depth++;
    else if ((c | 0x20) === 0x7d) {
      if (depth === 0) return p;
      if (--depth === 0) return p + 1;
    }
    p++;
  }
  return null;
}
