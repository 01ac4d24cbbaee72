import type { ByteSource } from "../io/byte-source.ts";
import { TraceFormatError, UserFacingError } from "../model/errors.ts";
import type { ArgumentReader, EventArguments, EventPlace, JsonArguments } from "./importer.ts";
import { EventReader, guardByte, guardBytes, incomplete } from "./json-scan/event-reader.ts";
import { ByteInterner } from "./json-scan/byte-interner.ts";
import { decodeJsonString, decodeUtf8 } from "./json-scan/json-text.ts";
import { stringEnd } from "./json-scan/json-value.ts";

export interface ReadArgumentsOptions {
  /** Name the event must have; another one means that the file is not the one that was imported. */
  readonly expectedName?: string;
  readonly maxBytes?: number;
  /** The event that ended the span: its arguments win over those of equal name. */
  readonly endOffset?: number;
  /** Leaves the members of the event beside `args` out. */
  readonly argsOnly?: boolean;
}

/** Members that the trace shows elsewhere. */
const shownMembers: ReadonlySet<string> = new Set(["ph", "ts", "dur", "pid", "tid", "name", "cat", "args"]);

const firstWindowBytes = 16 * 1024;
const defaultMaxBytes = 256 * 2 ** 20;

/** Arguments of trace events: those of `args`, then the members of the event that have no place in the trace. */
export function openEventArguments(source: ByteSource): Promise<ArgumentReader> {
  return Promise.resolve(createReader(source, false));
}

/** As `openEventArguments`, of files whose further members are ours. */
export function openArgumentsOnly(source: ByteSource): Promise<ArgumentReader> {
  return Promise.resolve(createReader(source, true));
}

function createReader(source: ByteSource, argsOnly: boolean): ArgumentReader {
  const optionsOf = ({ name, endOffset }: EventPlace): ReadArgumentsOptions => ({
    argsOnly,
    expectedName: name,
    ...(endOffset !== null && { endOffset }),
  });
  return {
    read: (place) => readEventArguments(source, place.offset, optionsOf(place)),
    async readJson(place): Promise<JsonArguments> {
      const { args } = await readEvent(source, place.offset, optionsOf(place));
      return [...args].map(([key, member]) => [key, jsonOf(member)] as const);
    },
    close() {},
  };
}

/**
 * Reads the arguments of the event at a byte offset of an imported trace-event file: texts decoded, numbers digit by
 * digit, nested values as JSON text; those of an end event merged in. Throws TraceFormatError when there is no whole event, UserFacingError when it is
 * another one than expected.
 */
export async function readEventArguments(
  source: ByteSource,
  offset: number,
  options: ReadArgumentsOptions = {},
): Promise<EventArguments> {
  const { name, startText, args } = await readEvent(source, offset, options);
  return { name, startText, args: [...args].map(([key, member]) => [key, member.text] as const) };
}

interface EventMembers {
  readonly name: string | null;
  readonly startText: string | null;
  readonly args: ReadonlyMap<string, Member>;
}

async function readEvent(source: ByteSource, offset: number, options: ReadArgumentsOptions): Promise<EventMembers> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const members = readMembers(await readEventBytes(source, offset, maxBytes));
  const name = members.get("name")?.text ?? null;
  const { expectedName } = options;
  if (expectedName !== undefined && name !== null && name !== expectedName) {
    throw new UserFacingError("The file changed on disk after it was opened: another event is at this place.");
  }
  const args = new Map<string, Member>();
  addArguments(members.get("args"), args);
  if (options.endOffset !== undefined)
    addArguments(readMembers(await readEventBytes(source, options.endOffset, maxBytes)).get("args"), args);
  if (options.argsOnly !== true)
    for (const [key, member] of members) if (!shownMembers.has(key) && !args.has(key)) args.set(key, member);
  return { name, startText: members.get("ts")?.text ?? null, args };
}

function addArguments(value: Member | undefined, args: Map<string, Member>): void {
  if (value?.nested === "object") for (const [key, argument] of readMembers(value.bytes)) args.set(key, argument);
  else if (value !== undefined && value.text !== "null") args.set("args", value);
}

/** The value as its file writes it where that is valid JSON; else what is shown of it, as a JSON string. */
function jsonOf({ bytes, text }: Member): string {
  const written = decodeUtf8(bytes);
  try {
    JSON.parse(written);
    // One way to write each text: filters of exports look for paths, which escaped slashes would hide.
    return written.includes("\\") ? written.replace(jsonText, (token) => JSON.stringify(JSON.parse(token))) : written;
  } catch {
    return JSON.stringify(text);
  }
}

const jsonText = /"(?:[^"\\]|\\.)*"/gs;

/** Finds ends of events; one for all, since making its tables takes longer than reading an event. */
const noNames = new ByteInterner(() => 0);
const endFinder = new EventReader(noNames, noNames);
const nothing = new Uint8Array(guardBytes);

async function readEventBytes(source: ByteSource, offset: number, maxBytes: number): Promise<Uint8Array> {
  for (let size = firstWindowBytes; ; size *= 4) {
    const window = new Uint8Array(Math.min(size, maxBytes) + guardBytes);
    const length = await source.readAt(offset, window.subarray(0, window.length - guardBytes));
    if (length === 0 || window[0] !== 0x7b) {
      throw new TraceFormatError(
        `expected an event, found ${length === 0 ? "the end of the file" : "something else"}`,
        { byteOffset: offset },
      );
    }
    window.fill(guardByte, length);
    // Nothing waits between these, so that readings that go on at once do not meet here.
    endFinder.attach(window, length);
    const end = endFinder.skipNested(0);
    // An event may be large, and is not kept.
    endFinder.attach(nothing, 0);
    if (end !== incomplete) return window.subarray(0, end);
    if (length < size)
      throw new TraceFormatError("expected an event, found one that the end of the file cuts off", {
        byteOffset: offset,
      });
    if (size >= maxBytes)
      throw new TraceFormatError(`expected an event of at most ${maxBytes} bytes, found a larger one`, {
        byteOffset: offset,
      });
  }
}

interface Member {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly nested: "object" | "array" | null;
}

/** Members of the object in `bytes`; of equal keys the last one wins. */
function readMembers(bytes: Uint8Array): Map<string, Member> {
  const members = new Map<string, Member>();
  let p = skipBlank(bytes, 1);
  while (p < bytes.length && bytes[p] === 0x22) {
    const keyEnd = stringEnd(bytes, p, bytes.length);
    const key = decodeJsonString(bytes.subarray(p + 1, keyEnd - 1), true);
    p = skipBlank(bytes, keyEnd);
    const end = valueEnd(bytes, p);
    const member = readMember(bytes.subarray(p, end));
    members.delete(key);
    members.set(key, member);
    p = skipBlank(bytes, end);
  }
  return members;
}

function readMember(bytes: Uint8Array): Member {
  if (bytes[0] === 0x22)
    return { text: decodeJsonString(bytes.subarray(1, bytes.length - 1), true), bytes, nested: null };
  const nested = bytes[0] === 0x7b ? "object" : bytes[0] === 0x5b ? "array" : null;
  return { text: nested === null ? decodeUtf8(bytes) : withoutBlanks(decodeUtf8(bytes)), bytes, nested };
}

function skipBlank(bytes: Uint8Array, p: number): number {
  while (p < bytes.length && (bytes[p] <= 0x20 || bytes[p] === 0x2c || bytes[p] === 0x3a)) p++;
  return p;
}

function valueEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] === 0x22) return stringEnd(bytes, start, bytes.length);
  let depth = 0;
  let p = start;
  while (p < bytes.length) {
    const c = bytes[p];
    if (c === 0x22) {
      p = stringEnd(bytes, p, bytes.length);
      continue;
    }
    if ((c | 0x20) === 0x7b) depth++;
    else if ((c | 0x20) === 0x7d && --depth <= 0) return depth < 0 ? p : p + 1;
    else if (depth === 0 && (c === 0x2c || c <= 0x20)) return p;
    p++;
  }
  return p;
}

/** JSON text without the white space between its tokens. */
function withoutBlanks(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, (_whole, text: string | undefined) => text ?? "");
}
