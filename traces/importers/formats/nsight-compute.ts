import type { Importer } from "../importer.ts";
import { reportMagic } from "../nsight-compute/container.ts";
import { readReport } from "../nsight-compute/read-report.ts";

/*
 * Report of Nsight Compute: blocks of a string table and results, found by reading reports, undocumented otherwise.
 *
 *   source (protobuf field numbers)              model
 *   block header 4.1 strings, over all blocks    names of metrics
 *   result 6 function name, 7 with parameters    launch, in the order of the file
 *   result 5 mangled name                        signature where field 7 is empty
 *   result 10, 11 {1, 2, 3}                      grid and block
 *   result 13 {1 name, 2 value}                  value of a metric: text, float, double or integer
 *   result 13 {3 instances}                      not read: values of single instructions
 *   result 17 {2 title, 4 {2 {1, 2}}}            section and label of metrics
 *   gpu__time_duration.sum                       duration, ns; kernels are run one by one: no time axis
 *   launch__thread_count                         must be grid × block, else the result is dropped
 *   header 3 session, 6 process; sources         never read: host, paths, machine code
 */

/** Nsight Compute report (`.ncu-rep`). */
export const nsightCompute: Importer = {
  id: "nsight-compute",
  label: "Nsight Compute report (.ncu-rep)",
  shortNames: ["Nsight Compute"],
  extensions: ["ncu-rep"],
  sniff: (head) => ([...reportMagic].every((char, i) => head[i] === char.charCodeAt(0)) ? 0.95 : 0),
  read: readReport,
};
