import type { Importer } from "../importer.ts";
import { describeTracks } from "../chrome/describe-tracks.ts";
import type { Dialect } from "../chrome/dialect.ts";
import { kindOfEvent, sideOfCategory } from "../chrome/kinds.ts";
import { readTraceEvents } from "../chrome/read-trace-events.ts";
import { peekJson } from "../json-scan/peek.ts";
import { openEventArguments } from "../read-event-arguments.ts";

/** Rules of the PyTorch profiler, of XLA, and of everything that follows neither. */
export const chromeDialect: Dialect = {
  format: "chrome-json",
  linksLaunches: true,
  kindOf: kindOfEvent,
  sideOf: sideOfCategory,
  describeTracks,
  describeFile({ isKineto, isXla, producer }) {
    if (isKineto) return { formatLabel: "PyTorch profiler (Kineto)", producer: producer ?? "PyTorch profiler" };
    if (isXla) return { formatLabel: "JAX / XLA trace", producer: producer ?? "XLA profiler" };
    return { formatLabel: "Chrome trace", producer };
  },
};

/** Keys that tell another JSON format when there is no list of trace events. */
const foreignKeys: ReadonlySet<string> = new Set(["nodes", "$schema", "benchmarks", "profile", "libs"]);

/*
 * | trace event                                      | trace                                                          |
 * | ------------------------------------------------ | -------------------------------------------------------------- |
 * | pid, tid                                         | track; pid without tid: the track of the process               |
 * | ts, dur in decimal µs; baseTimeNanoseconds       | start and end in whole ns, digit by digit; Unix time           |
 * | X; B with E                                      | span; E closes the nearest B of its name, else the last        |
 * | i, I, R                                          | instant of thread, process or all                              |
 * | C                                                | samples of a counter track per name, id and number in args     |
 * | b n e; S T p F                                   | spans and instants of asynchronous tracks by cat, id, scope    |
 * | T with dur in category thread_state              | span of a track with the states of the thread                  |
 * | s t f                                            | arrows between the spans that hold their ends                  |
 * | M process_name, thread_name, labels, sort index  | names and order of tracks                                      |
 * | P Profile, ProfileChunk; I CpuProfile; samples, stackFrames | derived spans of sampled stacks                                |
 * | N O D; c v V                                     | counted as part of another event; not shown                    |
 * | cat, name                                        | category, name, kind (`chrome/kinds.ts`)                       |
 * | args.correlation                                 | link launch ↔ device work                                      |
 * | all other args                                   | read again on demand                                           |
 * | deviceProperties, metadata (allow list)          | facts                                                          |
 */

/** Chrome Trace Event JSON and its dialects: PyTorch profiler (Kineto), JAX / XLA, Perfetto JSON and many others. */
export const chromeJson: Importer = {
  id: "chrome-json",
  label: "Chrome trace, PyTorch profiler, JAX trace (JSON)",
  shortNames: ["Chrome", "PyTorch", "JAX"],
  extensions: ["json", "trace", "gz", "zip"],
  sniff(head) {
    const peeked = peekJson(head);
    const { root, form, keys } = peeked;
    if (root === null) return 0;
    if (keys.includes("traceEvents")) return 0.95;
    if (form === "lines") return 0.7;
    if (root === "array") {
      const { events } = peeked;
      return events.length === 0 ? 0.4 : events.some((event) => event.has("ph")) ? 0.9 : 0.1;
    }
    // The list of events may follow behind the head.
    return keys.some((key) => foreignKeys.has(key)) ? 0 : 0.3;
  },
  read: (source, builder, context) => readTraceEvents(source, builder, context, chromeDialect),
  openArguments: openEventArguments,
};
