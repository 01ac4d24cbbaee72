import type { Importer } from "../importer.ts";
import { findHead, readNcuCsv } from "../nsight-compute/read-csv.ts";

/*
 * What `ncu --csv` prints, after the program's own output:
 *
 *   details page                                 model
 *   ID, Kernel Name, Grid Size, Block Size       launch
 *   Section Name, Metric Name, Metric Unit,      metric of a section; time in ns, bytes, Hz
 *     Metric Value
 *   row without Metric Name (a rule)             metadata
 *
 *   raw page (--page raw)
 *   one row                                      launch
 *   further columns, units in the first row      metrics by the tool's own names
 *
 * Numbers: "4,963.5" or "4.963,5", decided from all values of a column. Empty and "n/a": not collected.
 * Process, host, context and stream are not read.
 */

/** Table printed by `ncu --csv`, details or raw page. */
export const nsightComputeCsv: Importer = {
  id: "nsight-compute-csv",
  label: "Nsight Compute table (CSV)",
  shortNames: ["Nsight Compute"],
  extensions: ["csv"],
  sniff: (head) => (findHead(new TextDecoder().decode(head)) >= 0 ? 0.95 : 0),
  read: readNcuCsv,
};
