import type { Allocate } from "../../../traces/model/column.ts";
import type { TraceDescription } from "../../../traces/model/trace-builder.ts";
import type { Recordings } from "../../../native-bench/spans/recordings.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import { withOutline } from "../imports/perform-import.ts";

/** What a live run is called where formats are shown. */
export const liveRunFormat = "live-run";

/** The trace of everything recorded so far, with its outline. */
export function sealRecordings(
  recordings: Recordings,
  name: string,
  options: { readonly allocate: Allocate; readonly partial: boolean },
): ImportedTrace {
  const description: TraceDescription = { name, format: liveRunFormat, formatLabel: "Deltaflame run", facts: [] };
  return withOutline(recordings.toTrace(description, options));
}
