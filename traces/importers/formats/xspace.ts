import type { Importer } from "../importer.ts";
import { openXSpaceArguments } from "../xspace/arguments.ts";
import { readXSpace } from "../xspace/read-xspace.ts";
import { sniffXSpace } from "../xspace/sniff.ts";

/**
 * XSpace (`*.xplane.pb`): what the profilers of JAX, XLA and TensorFlow write for one host.
 *
 * | XSpace                                     | trace                                                              |
 * | ------------------------------------------ | ------------------------------------------------------------------ |
 * | plane "/device:…" with events              | device track, named without the prefix                             |
 * | any other plane with events                | process track                                                      |
 * | line with events                           | thread or stream track; display name before name                   |
 * | line "_counters_", stat "counter_value"    | counter tracks of the device                                       |
 * | line.timestamp_ns · 1000 + event.offset_ps | start, rounded half to even to ns; exact ps among the arguments    |
 * | start + event.duration_ps                  | end, rounded the same way                                          |
 * | event.num_occurrences                      | no place on the time axis: counted as dropped                      |
 * | event_metadata.display_name, else .name    | name of the span                                                   |
 * | stat "correlation_id"                      | link launch ↔ kernel, per host                                     |
 * | stats "_pt", "_p" and "_ct", "_c"          | start and end of an arrow, by (type, id), per host                 |
 * | stat "flow"                                | end of an arrow: 2 bits of direction, 56 of id                     |
 * | stat "step_num"; line "Steps"              | kind step                                                          |
 * | stat "hlo_category", else "hlo_module"     | category                                                           |
 * | all stats of event and metadata            | arguments, read again on demand; references by the name they mean  |
 * | plane "Task Environment": profile_start_time | origin as Unix time                                              |
 * | stats of a device plane (allow list)       | facts                                                              |
 * | hostnames, other stats of planes           | not read                                                           |
 */
export const xspace: Importer = {
  id: "xspace",
  label: "JAX, XLA, TensorFlow profile (XSpace, .xplane.pb)",
  shortNames: ["XSpace"],
  extensions: ["pb", "gz"],
  sniff: sniffXSpace,
  read: readXSpace,
  openArguments: openXSpaceArguments,
};
