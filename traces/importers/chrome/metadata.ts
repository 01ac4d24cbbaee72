import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import { numberOf, objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import { xlaLineOf } from "./kinds.ts";
import type { Tracks } from "./tracks.ts";

/**
 * Applies a metadata event (names, labels and order of processes and threads) to `tracks`; the last one wins.
 * Its time does not matter, not even a broken one. False when it says nothing that is known here.
 */
export function applyMetadata(name: string, fields: EventFields, bytes: Uint8Array, tracks: Tracks): boolean {
  const args = objectOf(fields.argsEnd > 0 ? parseJson(bytes, fields.argsStart, fields.argsEnd) : null);
  if (args === null) return false;
  switch (name) {
    case "process_name": {
      const process = tracks.processOf(fields);
      process.name = textOf(args.get("name")) ?? process.name;
      process.isXlaDevice = process.name?.startsWith("/device:") ?? false;
      return true;
    }
    case "process_labels": {
      const process = tracks.processOf(fields);
      process.labels = textOf(args.get("labels")) ?? process.labels;
      return true;
    }
    case "process_sort_index": {
      const process = tracks.processOf(fields);
      process.sortIndex = numberOf(args.get("sort_index")) ?? process.sortIndex;
      return true;
    }
    case "thread_name": {
      if (fields.identityStates[IdentitySlot.tid] === FieldState.absent && fields.identityStates[IdentitySlot.pid] === FieldState.absent) return false;
      const thread = tracks.threadOf(fields);
      thread.name = textOf(args.get("name"))?.trim() ?? thread.name;
      if (thread.process.isXlaDevice && thread.name !== null) thread.line = xlaLineOf(thread.name);
      return true;
    }
    case "thread_sort_index": {
      const thread = tracks.threadOf(fields);
      thread.sortIndex = numberOf(args.get("sort_index")) ?? thread.sortIndex;
      return true;
    }
  }
  return false;
}
