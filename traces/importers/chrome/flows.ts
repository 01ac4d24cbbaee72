import type { StringId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import type { ThreadState, Tracks } from "./tracks.ts";

/** Ids below this are their own key. */
const plainIds = 2 ** 32;

/** Numbers the arrows of a file: events of equal category, name and id belong to one. */
export class Flows {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #families = new Map<number, number>();
  readonly #oddIds = new Map<number, number>();

  constructor(builder: TraceBuilder, tracks: Tracks) {
    this.#builder = builder;
    this.#tracks = tracks;
  }

  /** False when the event has no id. */
  add(
    fields: EventFields,
    role: "start" | "step" | "end",
    thread: ThreadState,
    timeNs: number,
    name: StringId,
  ): boolean {
    if (fields.identityStates[IdentitySlot.id] === FieldState.absent) return false;
    const bind = role === "end" && !fields.bindEnclosing ? "next" : "enclosing";
    const family = this.familyOf(fields.category, fields.name);
    const id = fields.identities[IdentitySlot.id];
    const track = this.#tracks.trackOf(thread);
    this.#builder.addFlowEnd(this.keyOf(family, id), role, track, timeNs, name, bind);
    return true;
  }

  /** Number of a pair of category and name. */
  familyOf(category: number, name: number): number {
    const familyKey = (category + 1) * 2 ** 26 + (name + 1);
    let family = this.#families.get(familyKey);
    if (family === undefined) {
      family = this.#families.size;
      this.#families.set(familyKey, family);
    }
    return family;
  }

  /** Key of an arrow, `family` from `familyOf`: family in the high bits, id in the low 33; ids that are no uint32 are numbered. */
  keyOf(family: number, id: number): number {
    if (id >= 0 && id < plainIds) return family * 2 ** 33 + id;
    let odd = this.#oddIds.get(id);
    if (odd === undefined) {
      odd = this.#oddIds.size;
      this.#oddIds.set(id, odd);
    }
    return family * 2 ** 33 + plainIds + odd;
  }
}
