import type { SqliteDatabase, SqliteRow } from "../../io/sqlite/sqlite.ts";
import type { StringId } from "../../model/ids.ts";
import type { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { findTable } from "./tables.ts";

/** Resolves ids of the table StringIds one by one: strings that no event row uses are never read. */
export class StringIds {
  readonly #database: SqliteDatabase;
  readonly #find: (id: number) => SqliteRow | null;
  readonly #texts = new Map<number, string | null>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#find = this.#createFind();
  }

  /** Null where the table has no such id. */
  text(id: number): string | null {
    let text = this.#texts.get(id);
    if (text === undefined) {
      text = this.#find(id)?.text(1) ?? null;
      this.#texts.set(id, text);
    }
    return text;
  }

  #createFind(): (id: number) => SqliteRow | null {
    const table = findTable(this.#database, "StringIds");
    if (table === null) return () => null;
    if (table.rowidColumn === "id") return (id) => this.#database.row(table.name, ["value"], id);
    // Copied by a tool that lost the primary key: find the rows of the ids once, without their strings.
    let rowids: Map<number, number> | null = null;
    return (id) => {
      rowids ??= this.#indexRows(table.name);
      const rowid = rowids.get(id);
      return rowid === undefined ? null : this.#database.row(table.name, ["value"], rowid);
    };
  }

  #indexRows(table: string): Map<number, number> {
    const rowids = new Map<number, number>();
    const rows = this.#database.rows(table, ["id"]);
    try {
      while (rows.next()) rowids.set(rows.number(1), rows.number(0));
    } finally {
      rows.close();
    }
    return rowids;
  }
}

/** A name and what spans of that name are. */
export interface EventName {
  readonly id: StringId;
  readonly kind: SpanKind;
}

export interface NameRules {
  readonly kindOf: (name: string) => SpanKind;
  readonly shorten?: (text: string) => string;
}

/** Ids below this are looked up in an array. */
const smallIds = 2 ** 22;

/** Names of events: ids of StringIds, or text in the row itself; each is read, interned and judged once. */
export class EventNames {
  readonly #strings: StringIds;
  readonly #builder: TraceBuilder;
  readonly #rules: NameRules;
  readonly #byId: (EventName | undefined)[] = [];
  readonly #byLargeId = new Map<number, EventName>();
  readonly #byText = new Map<string, EventName>();

  constructor(strings: StringIds, builder: TraceBuilder, rules: NameRules) {
    this.#strings = strings;
    this.#builder = builder;
    this.#rules = rules;
  }

  /** Name in a column that holds an id of StringIds (or, in some exports, the text). */
  of(row: SqliteRow, column: number): EventName {
    const id = row.number(column);
    if (id > 0 && id < smallIds) return this.#byId[id] ?? (this.#byId[id] = this.#resolve(id));
    if (row.isText(column)) return this.ofText(row.text(column) ?? "");
    if (row.isNull(column)) return this.none();
    let name = this.#byLargeId.get(id);
    if (name === undefined) {
      name = this.#resolve(id);
      this.#byLargeId.set(id, name);
    }
    return name;
  }

  ofText(text: string): EventName {
    let name = this.#byText.get(text);
    if (name === undefined) {
      if (text.includes("\uFFFD"))
        this.#builder.ledger.note("invalidUtf8", "names that are not UTF-8; replaced where they are not", -1);
      const short = this.#rules.shorten?.(text) ?? text;
      name = { id: this.#builder.intern(short), kind: this.#rules.kindOf(short) };
      this.#byText.set(text, name);
    }
    return name;
  }

  /** For a row that has no name at all: counted. */
  none(): EventName {
    this.#builder.ledger.note("withoutName", "rows without a name", -1, 1, "info");
    return this.ofText("(no name)");
  }

  #resolve(id: number): EventName {
    const text = this.#strings.text(id);
    if (text !== null) return this.ofText(text);
    this.#builder.ledger.note(
      "missingStrings",
      "names that the table StringIds lacks, each counted once; shown as <string 123>",
      -1,
    );
    return this.ofText(`<string ${id}>`);
  }
}
