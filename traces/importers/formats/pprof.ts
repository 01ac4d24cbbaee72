import type { Importer } from "../importer.ts";
import { openPprofLabels } from "../pprof/labels.ts";
import { readPprof } from "../pprof/read-pprof.ts";
import { sniffPprof } from "../pprof/sniff.ts";

/*
 * | pprof (profile.proto)                               | trace                                                           |
 * | --------------------------------------------------- | --------------------------------------------------------------- |
 * | sample_type by default_sample_type, else the last   | thread track; the other types are tracks of their own, in no sum |
 * | sample.location_id (leaf first), location.line[]    | call path, outermost first; inlined lines innermost first       |
 * | sample.value of that type                           | length, samples one behind the other in the order of the file   |
 * | type.unit nanoseconds … seconds                     | times; any other: one is drawn as 1 ns, a fact says so          |
 * | function.name, else the address of the location     | name                                                            |
 * | function.filename                                   | category, without its folder                                    |
 * | time_nanos                                          | origin as Unix time                                             |
 * | duration_nanos, period, mapping.filename            | facts; the file name without its folder                         |
 * | sample.label                                        | arguments of the spans that the samples make, read on demand    |
 * | comments                                            | not read                                                        |
 */

/** Profiles of Go, of gperftools and of many others that write profile.proto, plain or gzip. */
export const pprof: Importer = {
  id: "pprof",
  label: "pprof profile (profile.proto)",
  shortNames: ["pprof"],
  extensions: ["pprof", "prof", "pb", "gz"],
  sniff: sniffPprof,
  read: readPprof,
  openArguments: openPprofLabels,
  describesSamples: true,
};
