import type { StringId } from "../../model/ids.ts";
import type { SpanKind } from "../../model/span-kind.ts";
import { TextNumbers } from "../../model/text-numbers.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { DefineDistinct } from "../json-scan/batch-names.ts";
import { ByteInterner } from "../json-scan/byte-interner.ts";
import { decodeJsonString, isValidUtf8 } from "../json-scan/json-text.ts";
import type { Dialect } from "./dialect.ts";
import { CategorySide, kindOnXlaLine, type XlaLine } from "./kinds.ts";

const unknownKind = 255;

/** Names and categories of a file: bytes → StringId, and what each (category, name) means, found out once. */
export class NameTable {
  readonly names: ByteInterner;
  /** Texts that stand for pids, tids and ids; not part of the trace. */
  readonly identities: ByteInterner;
  readonly #identityNumbers = new TextNumbers();
  readonly #builder: TraceBuilder;
  readonly #dialect: Dialect;
  /** Bytes, as text, of what is not UTF-8. */
  readonly #invalid = new Set<string>();
  /** Category index + 1 by StringId; 0 where it is not known yet. */
  #categories = new Int32Array(1024);
  readonly #sides: CategorySide[] = [];
  readonly #kinds = new Map<string | number, Uint8Array>();
  #lastKindKey: string | number = "";
  #lastKinds: Uint8Array = new Uint8Array(0);

  constructor(builder: TraceBuilder, dialect: Dialect) {
    this.#builder = builder;
    this.#dialect = dialect;
    this.names = new ByteInterner(this.define);
    this.identities = new ByteInterner((bytes, escaped) => this.#identityNumbers.of(this.#decode(bytes, escaped)));
  }

  /** Text of an identity that is one. */
  readonly identityText = (number: number): string => this.#identityNumbers.text(number);

  /** Gives a name or category, first met, its StringId. */
  readonly define = (bytes: Uint8Array, escaped: boolean): StringId => this.intern(this.#decode(bytes, escaped));

  text(name: number): string {
    return name < 0 ? "" : this.#builder.text(name as StringId);
  }

  intern(text: string): StringId {
    return this.#builder.intern(text);
  }

  /** As `define`, for texts that are all different. */
  readonly defineDistinct: DefineDistinct = (bytes, ends, numbers) =>
    this.#builder.internDistinct(bytes, ends, numbers);

  /** Index of a category in the trace; `noCategory` for none (-1). */
  category(name: number): number {
    if (name < 0) return noCategory;
    return this.knowsCategory(name) ? this.#categories[name] - 1 : this.#defineCategory(name);
  }

  /** Whether `category` knows this one. */
  knowsCategory(name: number): boolean {
    return name < 0 || (name < this.#categories.length && this.#categories[name] !== 0);
  }

  side(category: number): CategorySide {
    return category === noCategory ? CategorySide.unknown : this.#sides[category];
  }

  /** Kind of a span on an ordinary track. */
  kind(category: number, categoryName: number, name: number): SpanKind {
    const kinds = category === this.#lastKindKey ? this.#lastKinds : this.#kindsOf(category);
    const kind = name < kinds.length ? kinds[name] : unknownKind;
    if (kind !== unknownKind) return kind as SpanKind;
    const found = this.#dialect.kindOf(categoryName < 0 ? null : this.text(categoryName), this.text(name));
    this.#remember(category, name, found);
    return found;
  }

  /** Kind of a span on a line of an XLA device plane. */
  kindOnLine(line: XlaLine, name: number): SpanKind {
    const kinds = line === this.#lastKindKey ? this.#lastKinds : this.#kindsOf(line);
    const kind = name < kinds.length ? kinds[name] : unknownKind;
    if (kind !== unknownKind) return kind as SpanKind;
    const found = kindOnXlaLine(line, this.text(name));
    this.#remember(line, name, found);
    return found;
  }

  #kindsOf(key: string | number): Uint8Array {
    let kinds = this.#kinds.get(key);
    if (kinds === undefined) {
      kinds = new Uint8Array(0);
      this.#kinds.set(key, kinds);
    }
    this.#lastKindKey = key;
    this.#lastKinds = kinds;
    return kinds;
  }

  /** After the last event: readers decode names at different times, and notes have one order. */
  finish(): void {
    for (const _ of this.#invalid)
      this.#builder.ledger.note("invalidUtf8", "texts with bytes that are not UTF-8; each is shown as \uFFFD", -1);
  }

  #remember(key: string | number, name: number, kind: SpanKind): void {
    let kinds = this.#kindsOf(key);
    if (name >= kinds.length) {
      const larger = new Uint8Array(Math.max(256, 2 ** Math.ceil(Math.log2(name + 1)))).fill(unknownKind);
      larger.set(kinds);
      kinds = larger;
      this.#kinds.set(key, kinds);
      this.#lastKinds = kinds;
    }
    kinds[name] = kind;
  }

  #defineCategory(name: number): number {
    if (name >= this.#categories.length) {
      const larger = new Int32Array(2 ** Math.ceil(Math.log2(name + 1)) * 2);
      larger.set(this.#categories);
      this.#categories = larger;
    }
    const text = this.text(name);
    const category = this.#builder.category(text);
    if (category !== noCategory) this.#sides[category] = this.#dialect.sideOf(text);
    this.#categories[name] = category + 1;
    return category;
  }

  #decode(bytes: Uint8Array, escaped: boolean): string {
    const text = decodeJsonString(bytes, escaped);
    // Both readers of events may meet the same bytes.
    if (text.includes("\uFFFD") && !isValidUtf8(bytes)) this.#invalid.add(String(bytes));
    return text;
  }
}
