import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import { arrayOf, type JsonValue, objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import type { MessageRange } from "./packet.ts";
import { Annotation, NestedType, NestedValue } from "./schema.ts";

type Id = number | bigint;

/** Value of an annotation: a leaf as text, or nested. */
export type AnnotationValue = string | AnnotationValue[] | Map<string, AnnotationValue>;

/** Interned texts that annotations refer to. */
export interface AnnotationTexts {
  readonly names: ReadonlyMap<Id, string>;
  readonly texts: ReadonlyMap<Id, string>;
}

/** Nesting beyond this is shown as "…": values of files end somewhere, those of attackers need not. */
const deepest = 64;

/** Reads an annotation into `into`: dictionaries are merged, lists joined, everything else is replaced. */
export function readAnnotation(
  reader: FieldReader,
  range: MessageRange,
  texts: AnnotationTexts,
  into: Map<string, AnnotationValue>,
): void {
  const { name, value } = readNamed(reader, range, texts, 0);
  if (value !== null) merge(into, name, value);
}

/** Leaves by their path: "shape[0]", "device.name". */
export function flatten(values: ReadonlyMap<string, AnnotationValue>): [path: string, value: string][] {
  const leaves: [string, string][] = [];
  const visit = (path: string, value: AnnotationValue): void => {
    if (typeof value === "string") leaves.push([path, value]);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(`${path}[${index}]`, item);
    else for (const [key, item] of value) visit(`${path}.${key}`, item);
  };
  for (const [name, value] of values) visit(name, value);
  return leaves;
}

function merge(into: Map<string, AnnotationValue>, name: string, value: AnnotationValue): void {
  const known = into.get(name);
  if (known instanceof Map && value instanceof Map) for (const [key, item] of value) merge(known, key, item);
  else if (Array.isArray(known) && Array.isArray(value)) for (const item of value) known.push(item);
  else into.set(name, value);
}

interface Named {
  readonly name: string;
  readonly value: AnnotationValue | null;
}

// One branch per field.
// oxlint-disable-next-line complexity
function readNamed(reader: FieldReader, { start, end }: MessageRange, texts: AnnotationTexts, depth: number): Named {
  let name = "";
  let value: AnnotationValue | null = null;
  const dict = new Map<string, AnnotationValue>();
  const list: AnnotationValue[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    switch (reader.field) {
      case Annotation.name:
        name = reader.text();
        break;
      case Annotation.nameIid:
        name = texts.names.get(reader.uint64()) ?? `annotation ${reader.uint64()}`;
        break;
      case Annotation.bool:
        value = reader.number === 0 ? "false" : "true";
        break;
      case Annotation.uint:
        value = String(reader.uint64());
        break;
      case Annotation.int:
        value = String(reader.int64());
        break;
      case Annotation.double:
        value = String(reader.float());
        break;
      case Annotation.text:
        value = reader.text();
        break;
      case Annotation.textIid:
        value = texts.texts.get(reader.uint64()) ?? `text ${reader.uint64()}`;
        break;
      case Annotation.pointer:
        value = `0x${reader.uint64().toString(16)}`;
        break;
      case Annotation.legacyJson:
        value = readJson(reader.bytes(), reader.text());
        break;
      case Annotation.nested:
        value = readNested(reader, rangeOf(reader), depth + 1);
        break;
      case Annotation.dictEntries:
      case Annotation.arrayValues: {
        const isDict = reader.field === Annotation.dictEntries;
        if (depth >= deepest) {
          value = "…";
          break;
        }
        const item = readNamed(reader, rangeOf(reader), texts, depth + 1);
        if (item.value === null) break;
        if (isDict) merge(dict, item.name, item.value);
        else list.push(item.value);
        break;
      }
    }
  }
  if (dict.size > 0) value = dict;
  else if (list.length > 0) value = list;
  return { name, value };
}

/** The older form of nested values. */
// One branch per field.
// oxlint-disable-next-line complexity
function readNested(reader: FieldReader, { start, end }: MessageRange, depth: number): AnnotationValue {
  let type: number = NestedType.leaf;
  let leaf = "";
  const keys: string[] = [];
  const values: AnnotationValue[] = [];
  const list: AnnotationValue[] = [];
  if (depth >= deepest) return "…";
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    switch (reader.field) {
      case NestedValue.type:
        type = reader.number;
        break;
      case NestedValue.dictKeys:
        keys.push(reader.text());
        break;
      case NestedValue.dictValues:
        values.push(readNested(reader, rangeOf(reader), depth + 1));
        break;
      case NestedValue.arrayValues:
        list.push(readNested(reader, rangeOf(reader), depth + 1));
        break;
      case NestedValue.int:
        leaf = String(reader.int64());
        break;
      case NestedValue.double:
        leaf = String(reader.float());
        break;
      case NestedValue.bool:
        leaf = reader.number === 0 ? "false" : "true";
        break;
      case NestedValue.text:
        leaf = reader.text();
        break;
    }
  }
  if (type === NestedType.array) return list;
  if (type !== NestedType.dict) return leaf;
  const dict = new Map<string, AnnotationValue>();
  for (const [index, key] of keys.entries()) merge(dict, key, values[index] ?? "");
  return dict;
}

function rangeOf(reader: FieldReader): MessageRange {
  return { start: reader.start, end: reader.end };
}

/** JSON as the values it holds; what is none stays text. */
function readJson(bytes: Uint8Array, text: string): AnnotationValue {
  const convert = (value: JsonValue): AnnotationValue => {
    const list = arrayOf(value);
    if (list !== null) return list.map(convert);
    const object = objectOf(value);
    if (object === null) return textOf(value) ?? "null";
    const dict = new Map<string, AnnotationValue>();
    for (const [key, item] of object) dict.set(key, convert(item));
    return dict;
  };
  const parsed = parseJson(bytes);
  return parsed === null || parsed === undefined ? text : convert(parsed);
}
