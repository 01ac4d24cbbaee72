import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, TimeSlot } from "../json-scan/event-fields.ts";
import type { NameTable } from "./name-table.ts";
import type { ThreadState, Tracks } from "./tracks.ts";

/** An old asynchronous step (T) with a duration in this category: what the scheduler did with a thread. */
export function isThreadState(fields: EventFields, names: NameTable): boolean {
  return fields.timeStates[TimeSlot.dur] !== FieldState.absent && names.text(fields.category) === "thread_state";
}

/** Running, runnable, sleeping …: a track beside that of the thread, since states do not nest with its calls. */
export class ThreadStates {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #names: NameTable;
  readonly #trackOf = new Map<ThreadState, TrackId>();

  constructor(builder: TraceBuilder, tracks: Tracks, names: NameTable) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#names = names;
  }

  add(fields: EventFields, startNs: number, endNs: number, state: StringId): void {
    const thread = this.#tracks.threadOf(fields);
    let track = this.#trackOf.get(thread);
    if (track === undefined) {
      const tid = this.#tracks.textOf(thread.tid);
      track = this.#builder.addTrack({
        kind: "thread",
        name: `thread ${tid} (states)`,
        detail: `states of tid ${tid}`,
        parent: this.#tracks.processTrack(thread.process),
      });
      this.#trackOf.set(thread, track);
    }
    const category = this.#names.category(fields.category);
    this.#builder.addSpan(track, startNs, endNs - startNs, state, SpanKind.other, category, fields.offset);
  }

  /** Names the tracks: a name may come behind the events. */
  finish(): void {
    for (const [{ name, tid, sortIndex }, track] of this.#trackOf)
      this.#builder.describeTrack(track, {
        name: `${name ?? "thread"} ${this.#tracks.textOf(tid)} (states)`,
        sortIndex: sortIndex ?? 0,
      });
  }
}
