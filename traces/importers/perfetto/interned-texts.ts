import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { MessageRange } from "./packet.ts";
import { readRepeatedInts } from "./repeated.ts";
import { Interned, InternedCallstack, InternedEntry, InternedFrame } from "./schema.ts";

type Id = number | bigint;

/** Interned texts of one sequence that arguments refer to. */
export class InternedTexts {
  readonly eventNames: Map<Id, string> = new Map();
  readonly annotationNames: Map<Id, string> = new Map();
  readonly annotationTexts: Map<Id, string> = new Map();
  readonly #functionNames = new Map<Id, string>();
  readonly #frames = new Map<Id, { readonly functionName: Id; readonly relativePc: Id }>();
  readonly #callstacks = new Map<Id, readonly Id[]>();

  clear(): void {
    for (const table of [this.eventNames, this.annotationNames, this.annotationTexts, this.#functionNames])
      table.clear();
    this.#frames.clear();
    this.#callstacks.clear();
  }

  add(reader: FieldReader, { start, end }: MessageRange): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      const { field } = reader;
      const table = this.#tableOf(field);
      if (table !== null) addEntry(table, reader, reader.start, reader.end);
      else if (field === Interned.frames) this.#addFrame(reader, reader.start, reader.end);
      else if (field === Interned.callstacks) this.#addCallstack(reader, reader.start, reader.end);
    }
  }

  /** Names of the functions of a callstack, innermost first. */
  callstack(iid: Id): string[] {
    const frames = this.#callstacks.get(iid) ?? [];
    return frames.toReversed().map((id) => {
      const frame = this.#frames.get(id);
      if (frame === undefined) return `(frame ${id})`;
      return this.#functionNames.get(frame.functionName) ?? `0x${frame.relativePc.toString(16)}`;
    });
  }

  #tableOf(field: number): Map<Id, string> | null {
    switch (field) {
      case Interned.eventNames:
        return this.eventNames;
      case Interned.annotationNames:
        return this.annotationNames;
      case Interned.annotationStrings:
        return this.annotationTexts;
      case Interned.functionNames:
        return this.#functionNames;
      default:
        return null;
    }
  }

  #addFrame(reader: FieldReader, start: number, end: number): void {
    let iid: Id = 0;
    let functionName: Id = 0;
    let relativePc: Id = 0;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === InternedFrame.iid) iid = reader.uint64();
      else if (reader.field === InternedFrame.functionNameId) functionName = reader.uint64();
      else if (reader.field === InternedFrame.relativePc) relativePc = reader.uint64();
    }
    this.#frames.set(iid, { functionName, relativePc });
  }

  #addCallstack(reader: FieldReader, start: number, end: number): void {
    let iid: Id = 0;
    const frames: Id[] = [];
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === InternedCallstack.iid) iid = reader.uint64();
      else if (reader.field === InternedCallstack.frameIds) readRepeatedInts(reader, frames);
    }
    this.#callstacks.set(iid, frames);
  }
}

function addEntry(table: Map<Id, string>, reader: FieldReader, start: number, end: number): void {
  let iid: Id = 0;
  let text = "";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === InternedEntry.iid) iid = reader.uint64();
    else if (reader.field === InternedEntry.name) text = reader.text();
  }
  table.set(iid, text);
}
