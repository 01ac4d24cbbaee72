import { SpanKind } from "../../model/span-kind.ts";
import { runtimeKind } from "../chrome/kinds.ts";
import { type Reading, timeOf } from "./reading.ts";
import { EventNames } from "./string-ids.ts";

/** Version of the entry point: cudaLaunchKernel_v7000. Versions of the interface itself ("_v2") are part of the name. */
const entryPointVersion = /_v\d{4,}$/;

/** Values of ENUM_NSYS_EVENT_CLASS. */
const EventClass = { runtime: 0, driver: 1, backtrace: 67 } as const;

/** Calls of the CUDA runtime and driver, on the threads that made them. */
export function readCalls(reading: Reading): void {
  const { builder, scan, owners, calls, strings } = reading;
  const names = new EventNames(strings, builder, {
    kindOf: runtimeKind,
    shorten: (text) => text.replace(entryPointVersion, ""),
  });
  const categories = new Map<number, number>([
    [EventClass.runtime, builder.category("CUDA runtime")],
    [EventClass.driver, builder.category("CUDA driver")],
    [EventClass.backtrace, builder.category("CUDA backtrace")],
  ]);
  const otherCategory = builder.category("CUDA");
  const hasClass = scan.hasColumn("CUPTI_ACTIVITY_KIND_RUNTIME", "eventClass");
  const columns = ["start", "end", "eventClass", "globalTid", "correlationId", "nameId"];
  // One object for all rows: millions of them would cost more than the spans.
  const extras = { link: 0 };
  scan.events("CUPTI_ACTIVITY_KIND_RUNTIME", columns, (row, place) => {
    const startNs = timeOf(row, 1, builder);
    if (Number.isNaN(startNs)) return;
    const durationNs = timeOf(row, 2, builder) - startNs;
    if (Number.isNaN(durationNs)) return;
    const eventClass = hasClass ? row.number(3) : EventClass.runtime;
    const thread = owners.threadOf(row, 4);
    const name = names.of(row, 6);
    // A call stack was taken around a call that has a row of its own: not a second launch.
    const kind = eventClass === EventClass.backtrace ? SpanKind.other : name.kind;
    const category = categories.get(eventClass) ?? otherCategory;
    extras.link = owners.linkOf(thread.process, row.number(5));
    builder.addSpan(owners.trackOf(thread), startNs, durationNs, name.id, kind, category, place, extras);
    calls.add(extras.link, thread.index, startNs);
  });
}
