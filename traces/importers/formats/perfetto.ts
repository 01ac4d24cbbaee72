import type { Importer } from "../importer.ts";
import { openPerfettoArguments } from "../perfetto/arguments.ts";
import { readPerfetto } from "../perfetto/read-perfetto.ts";
import { sniffPerfetto } from "../perfetto/sniff.ts";

/**
 * Perfetto's protobuf traces (`.pftrace`, `.perfetto-trace`): track events and GPU packets.
 *
 * | Perfetto                                         | trace                                                          |
 * | ------------------------------------------------ | -------------------------------------------------------------- |
 * | TrackDescriptor with process, thread             | process and thread tracks, by uuid                             |
 * | TrackDescriptor with counter                     | counter track; unit in its detail                              |
 * | other TrackDescriptor                            | track below its parent; named by descriptor or first event     |
 * | TrackEvent BEGIN, END; legacy B, E               | spans: an end closes the nearest begin of its name, else the last |
 * | legacy X                                         | span                                                           |
 * | INSTANT; legacy i, I, R                          | instant; with flows a span of no duration                      |
 * | COUNTER, extra_counter_values, thread time       | counter samples: increments added up, times the unit           |
 * | STATE                                            | span until the next state of the track                         |
 * | legacy b n e, S T p F                            | spans and instants of asynchronous tracks, by category and id  |
 * | flow_ids, terminating_flow_ids, bind_id; s t f   | arrows in order of time, bound to the very span                |
 * | name_iid, category_iids, defaults                | looked up in the state of the packet's sequence                |
 * | categories                                       | category, several joined by commas                             |
 * | correlation_id                                   | link                                                           |
 * | debug annotations, callstacks                    | arguments, read again on demand; those of the end merged in    |
 * | timestamp and its clock, ClockSnapshot           | start, on the primary trace clock; Unix time by REALTIME       |
 * | GpuRenderStageEvent                              | spans of device queues                                         |
 * | GpuCounterEvent                                  | counter tracks of the device                                   |
 * | FtraceEvent print B, E, I, C, S, F               | spans, instants, counters of the thread or process that wrote them |
 * | … above a slice of the same thread that ends first | closed with it, as Perfetto does                               |
 * | other FtraceEvents                               | counted by kind as not shown                                   |
 * | compressed_packets, also zstd                    | unpacked in their place                                        |
 * | every other kind of packet                       | counted by kind as not shown                                   |
 */
export const perfetto: Importer = {
  id: "perfetto",
  label: "Perfetto trace (.pftrace, .perfetto-trace)",
  shortNames: ["Perfetto"],
  extensions: ["pftrace", "perfetto-trace", "gz"],
  sniff: sniffPerfetto,
  read: readPerfetto,
  openArguments: openPerfettoArguments,
};
