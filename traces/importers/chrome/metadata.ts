import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import { type JsonObject, numberOf, objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import { xlaLineOf } from "./kinds.ts";
import type { ProcessState, ThreadState, Tracks } from "./tracks.ts";

/**
 * Applies a metadata event (names, labels and order of processes and threads) to `tracks`; the last one wins.
 * Its time does not matter, not even a broken one.
 */
export function applyMetadata(name: string, fields: EventFields, bytes: Uint8Array, tracks: Tracks): void {
  const args = objectOf(fields.argsEnd > 0 ? parseJson(bytes, fields.argsStart, fields.argsEnd) : null);
  if (args === null) return;
  if (name.startsWith("process_")) applyToProcess(name, args, tracks.processOf(fields));
  else if (name.startsWith("thread_") && hasIdentity(fields))
    applyToThread(name, args, tracks.threadOf(fields), tracks);
}

function hasIdentity(fields: EventFields): boolean {
  const states = fields.identityStates;
  return states[IdentitySlot.tid] !== FieldState.absent || states[IdentitySlot.pid] !== FieldState.absent;
}

function applyToProcess(name: string, args: JsonObject, process: ProcessState): void {
  if (name === "process_name") {
    process.name = textOf(args.get("name")) ?? process.name;
    process.isXlaDevice = process.name?.startsWith("/device:") ?? false;
  } else if (name === "process_labels") process.labels = textOf(args.get("labels")) ?? process.labels;
  else if (name === "process_sort_index") process.sortIndex = numberOf(args.get("sort_index")) ?? process.sortIndex;
}

function applyToThread(name: string, args: JsonObject, thread: ThreadState, tracks: Tracks): void {
  if (name === "thread_name") {
    thread.name = textOf(args.get("name"))?.trim() ?? thread.name;
    if (thread.process.isXlaDevice && thread.name !== null) tracks.setLine(thread, xlaLineOf(thread.name));
  } else if (name === "thread_sort_index") thread.sortIndex = numberOf(args.get("sort_index")) ?? thread.sortIndex;
}
