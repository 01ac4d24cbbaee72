import { eventsStart, type ExportHeader, exportVersion } from "../../importers/exported-json/header.ts";
import type { Trace } from "../../model/trace.ts";
import type { TrackIdentity } from "./track-identity.ts";

/** The first line of a Chrome trace of ours, up to the bracket of the events. */
export function writeHeader(
  { meta, tracks }: Trace,
  identities: readonly TrackIdentity[],
  writer: string,
  hideHome: (text: string) => string,
): string {
  const header: ExportHeader = {
    version: exportVersion,
    writer,
    formatLabel: meta.formatLabel,
    producer: meta.producer ?? null,
    originClockNs: String(meta.originClockNs),
    originUnixNs: meta.originUnixNs === undefined ? null : String(meta.originUnixNs),
    facts: meta.facts.map(([key, value]) => [key, hideHome(value)] as const),
    tracks: tracks.map(({ id, kind, name, detail, parent, sortIndex }) => ({
      kind,
      name: hideHome(name),
      detail: hideHome(detail),
      parent,
      sortIndex,
      ...identities[id],
    })),
  };
  return `{"displayTimeUnit":"ns","deltaflame":${JSON.stringify(header)}${eventsStart}`;
}
