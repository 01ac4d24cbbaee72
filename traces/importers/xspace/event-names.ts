import type { FieldFile } from "../../io/field-stream.ts";
import type { StringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { kindOnLine, type LineRole } from "./lines.ts";
import { listSharedStats, type EventKind, noteDamagedStat, type PlaneOutline, readStats } from "./plane.ts";

/** A kind of event of a plane as the trace names it. */
export interface NamedKind {
  readonly text: string;
  readonly name: StringId;
  /** "convolution fusion": the category of the operation, where the table of events says it. */
  readonly category: number;
  /** The table of events does not know it, or not by a name. */
  readonly isNameless: boolean;
  /** By role of the line, found out once. */
  readonly kinds: Map<LineRole, SpanKind>;
  readonly launchKinds: Map<LineRole, SpanKind>;
}

/** Names, kinds and categories of the events of one plane. */
export class EventNames {
  readonly stepKind: SpanKind = SpanKind.step;
  readonly #builder: TraceBuilder;
  readonly #plane: PlaneOutline;
  readonly #file: FieldFile | null;
  readonly #found = new Map<number | bigint, NamedKind>();
  readonly #categories = new Map<string | number | bigint, number>();

  /** `file`: where to look up categories of operations; null for planes that have none. */
  constructor(builder: TraceBuilder, plane: PlaneOutline, file: FieldFile | null) {
    this.#builder = builder;
    this.#plane = plane;
    const hasCategories = [...plane.statNames.values()].includes("hlo_category");
    this.#file = hasCategories ? (file?.smallWindow() ?? null) : null;
  }

  find(metadataId: number | bigint): NamedKind {
    let named = this.#found.get(metadataId);
    if (named === undefined) {
      named = this.#name(metadataId);
      this.#found.set(metadataId, named);
    }
    return named;
  }

  kindOf(named: NamedKind, role: LineRole, isLaunch: boolean): SpanKind {
    const kinds = isLaunch ? named.launchKinds : named.kinds;
    let kind = kinds.get(role);
    if (kind === undefined) {
      kind = kindOnLine(role, named.text, isLaunch);
      kinds.set(role, kind);
    }
    return kind;
  }

  /** Category of an event that names its program: by text, or by the id of the stat of that name. */
  moduleCategory(module: string | number | bigint | null): number {
    if (module === null) return noCategory;
    let category = this.#categories.get(module);
    if (category === undefined) {
      const text = typeof module === "string" ? module : (this.#plane.statNames.get(module) ?? "");
      category = text === "" ? noCategory : this.#builder.category(text);
      this.#categories.set(module, category);
    }
    return category;
  }

  #name(metadataId: number | bigint): NamedKind {
    const kind = this.#plane.eventKinds.get(metadataId);
    const text = kind?.displayName || kind?.name || "";
    const isNameless = text === "";
    const shown = isNameless ? `event ${metadataId}` : text;
    return {
      text: shown,
      name: this.#builder.intern(shown),
      category: kind === undefined ? noCategory : this.#operationCategory(kind),
      isNameless,
      kinds: new Map(),
      launchKinds: new Map(),
    };
  }

  #operationCategory(kind: EventKind): number {
    const file = this.#file;
    if (file === null) return noCategory;
    const onDamage = noteDamagedStat(this.#builder.ledger);
    const category = readStats(file, listSharedStats(file, kind), this.#plane.statNames, onDamage).get("hlo_category");
    return category === undefined || category === "" ? noCategory : this.#builder.category(category);
  }
}
