import type { StringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { ThreadRef } from "./owners.ts";
import { hasTime, type Reading } from "./reading.ts";
import { EventNames } from "./string-ids.ts";

/** Calls of the operating system's libraries that read or write files and sockets. */
const ioCall =
  /^(?:f?(?:open|close|read|write|flush)(?:64|at|v)?|p(?:read|write)(?:64|v|v2)?|(?:send|recv)(?:msg|to|from|mmsg)?|f?sync|fdatasync|f(?:gets|puts|getc|putc|printf)|getdelim|getline|sendfile(?:64)?|mmap(?:64)?|munmap)$/;

/** Calls of the operating system's libraries and stays of threads on processors. */
export function readHost(reading: Reading): void {
  readSystemCalls(reading);
  readScheduling(reading);
}

function readSystemCalls({ builder, scan, owners, strings }: Reading): void {
  const category = builder.category("OS runtime");
  const names = new EventNames(strings, builder, {
    kindOf: (name) => (ioCall.test(name) ? SpanKind.io : SpanKind.other),
  });
  scan.events("OSRT_API", ["start", "end", "globalTid", "nameId"], (row, place) => {
    if (!hasTime(row, 1, builder) || !hasTime(row, 2, builder)) return;
    const startNs = row.number(1);
    const track = owners.trackOf(owners.threadOf(row, 3));
    const { id, kind } = names.of(row, 4);
    builder.addSpan(track, startNs, row.number(2) - startNs, id, kind, category, place);
  });
}

interface Stay {
  readonly startNs: number;
  readonly cpu: number;
  readonly place: number;
}

/** From "in" to "out" a thread has a processor; an "out" without its "in" began before the recording. */
function readScheduling({ builder, scan, owners }: Reading): void {
  const { ledger } = builder;
  const category = builder.category("scheduling");
  const names: (StringId | undefined)[] = [];
  const stays = new Map<ThreadRef, Stay>();
  const add = (thread: ThreadRef, stay: Stay, endNs: number | null): void => {
    const track = owners.trackBeside(thread, "processors of", "async");
    const name = (names[stay.cpu] ??= builder.intern(`on processor ${stay.cpu}`));
    const durationNs = endNs === null ? 0 : endNs - stay.startNs;
    builder.addSpan(track, stay.startNs, durationNs, name, SpanKind.other, category, stay.place, {
      openEnded: endNs === null,
    });
  };
  scan.events("SCHED_EVENTS", ["start", "cpu", "isSchedIn", "globalTid"], (row, place) => {
    if (!hasTime(row, 1, builder)) return;
    const timeNs = row.number(1);
    const thread = owners.threadOf(row, 4);
    const stay = stays.get(thread);
    if (row.number(3) !== 0) {
      // Two "in" in a row: the "out" between them was lost.
      if (stay !== undefined) {
        ledger.note("schedulingOutLost", "stays on a processor whose end is not in the file", -1, 1, "info");
        add(thread, stay, timeNs);
      }
      stays.set(thread, { startNs: timeNs, cpu: Math.max(0, Math.min(row.number(2), largestCpu)), place });
      return;
    }
    if (stay === undefined || timeNs < stay.startNs) {
      ledger.metadata();
      ledger.note(
        "schedulingOutAlone",
        "threads that left a processor they had taken before the recording",
        -1,
        1,
        "info",
      );
      return;
    }
    ledger.foldedIn();
    stays.delete(thread);
    add(thread, stay, timeNs);
  });
  for (const [thread, stay] of stays) add(thread, stay, null);
}

const largestCpu = 65_535;
