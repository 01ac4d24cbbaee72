import type { StringId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import type { NameTable } from "./name-table.ts";
import type { Tracks } from "./tracks.ts";

/** `s`: of all processes, of one process; else of a thread. */
const scopes: Readonly<Record<number, 1 | 2 | undefined>> = { 0x67: 2, 0x70: 1 };

/** Adds the instant of an event; one without a thread, of a wider scope, stands at its process. */
export function addInstant(
  fields: EventFields,
  timeNs: number,
  name: StringId,
  names: NameTable,
  tracks: Tracks,
  builder: TraceBuilder,
): void {
  const scope = scopes[fields.instantScope] ?? 0;
  const ofProcess = scope !== 0 && fields.identityStates[IdentitySlot.tid] === FieldState.absent;
  const track = ofProcess ? tracks.processTrack(tracks.processOf(fields)) : tracks.trackOf(tracks.threadOf(fields));
  builder.addInstant(track, timeNs, name, names.category(fields.category), scope, fields.offset);
}
