import { changedOnDisk, UserFacingError } from "../model/errors.ts";
import type { JsonArguments } from "./importer.ts";
import { decodeJsonString, decodeUtf8 } from "./json-scan/json-text.ts";
import { stringEnd } from "./json-scan/json-value.ts";

export interface EventMembers {
  readonly name: string | null;
  readonly startText: string | null;
  readonly args: ReadonlyMap<string, Member>;
}

export interface EventMembersOptions {
  /** Name the event must have; another one means that the file is not the one that was imported. */
  readonly expectedName?: string;
  /** Leaves the members of the event beside `args` out. */
  readonly argsOnly?: boolean;
}

/** Members that the trace shows elsewhere. */
const shownMembers: ReadonlySet<string> = new Set(["ph", "ts", "dur", "pid", "tid", "name", "cat", "args"]);

/**
 * What the text of an event says beyond the trace; the arguments of the event that ended it, if there is one, win over
 * those of equal name.
 */
export function readEventMembers(
  bytes: Uint8Array,
  endBytes: Uint8Array | null,
  { expectedName, argsOnly = false }: EventMembersOptions,
): EventMembers {
  const members = readMembers(bytes);
  const name = members.get("name")?.text ?? null;
  if (expectedName !== undefined && name !== null && name !== expectedName) {
    throw new UserFacingError(`${changedOnDisk}: another event is at this place.`);
  }
  const args = new Map<string, Member>();
  addArguments(members.get("args"), args);
  if (endBytes !== null) addArguments(readMembers(endBytes).get("args"), args);
  if (!argsOnly)
    for (const [key, member] of members) if (!shownMembers.has(key) && !args.has(key)) args.set(key, member);
  return { name, startText: members.get("ts")?.text ?? null, args };
}

export function toJsonArguments({ args }: EventMembers): JsonArguments {
  return [...args].map(([key, member]) => [key, jsonOf(member)] as const);
}

function addArguments(value: Member | undefined, args: Map<string, Member>): void {
  if (value?.nested === "object") for (const [key, argument] of readMembers(value.bytes)) args.set(key, argument);
  else if (value !== undefined && value.text !== "null") args.set("args", value);
}

/** The value as its file writes it where that is valid JSON; else what is shown of it, as a JSON string. */
function jsonOf(member: Member): string {
  const written = decodeUtf8(member.bytes);
  if (plainJson.test(written)) return written;
  try {
    JSON.parse(written);
    // One way to write each text: filters of exports look for paths, which escaped slashes would hide.
    return written.includes("\\") ? written.replace(jsonText, (token) => JSON.stringify(JSON.parse(token))) : written;
  } catch {
    return JSON.stringify(member.text);
  }
}

/** Numbers, and printable ASCII without escapes: valid without a look by the parser. */
const plainJson = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|"[ !#-[\]-~]*")$/;

const jsonText = /"(?:[^"\\]|\\.)*"/gs;

/** The value of one member; its text is made when somebody asks, which for most of an event nobody does. */
class Member {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get nested(): "object" | "array" | null {
    return this.bytes[0] === 0x7b ? "object" : this.bytes[0] === 0x5b ? "array" : null;
  }

  get text(): string {
    const { bytes, nested } = this;
    if (bytes[0] === 0x22) return decodeJsonString(bytes.subarray(1, bytes.length - 1), true);
    return nested === null ? decodeUtf8(bytes) : withoutBlanks(decodeUtf8(bytes));
  }
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
    const member = new Member(bytes.subarray(p, end));
    members.delete(key);
    members.set(key, member);
    p = skipBlank(bytes, end);
  }
  return members;
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
