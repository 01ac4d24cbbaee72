import { exportStart, parseHeader } from "../exported-json/header.ts";
import { SavedEvents } from "../exported-json/saved-events.ts";
import type { Importer } from "../importer.ts";
import { openArgumentsOnly } from "../read-event-arguments.ts";
import { readLines } from "../../io/line-reader.ts";

/*
 * Mapping: header "tracks", "facts", "producer", "originClockNs" → the same of the trace; X and b → spans, with kind,
 * link and lane from "df"; e → folded in; i → instants; C → one sample; s and f → one arrow; M → metadata, since the
 * header names the tracks. ts and dur: decimal µs with three digits → ns.
 */

/** A Chrome trace that Deltaflame saved: read line by line, so that everything comes back as it was. */
export const deltaflameJson: Importer = {
  id: "deltaflame-json",
  label: "Chrome trace saved by Deltaflame (JSON)",
  shortNames: ["Deltaflame"],
  extensions: ["json", "gz"],
  sniff: (head) => (startsWith(head, exportStart) ? 0.99 : 0),
  openArguments: openArgumentsOnly,
  async read(source, builder, context) {
    let events: SavedEvents | null = null;
    const lines = readLines(source, {
      largestLine: context.limits.eventBytes,
      onChunk() {
        context.throwIfCancelled();
        if (events !== null) context.reportProgress(source.storedRead, () => describe(events));
      },
      onLongLine(byteOffset) {
        builder.ledger.read();
        builder.ledger.dropped("oversizedEvent", "events larger than the limit", byteOffset);
      },
    });
    const describe = (saved: SavedEvents | null): ReturnType<SavedEvents["describe"]> =>
      (saved ?? new SavedEvents(parseHeader(""), builder, context.limits.spans)).describe(context.fileName);
    let size = 0;
    for await (const chunk of lines) {
      for (const line of chunk) {
        if (events === null) events = new SavedEvents(parseHeader(line.text), builder, context.limits.spans);
        else events.readLine(line);
        size = line.byteOffset + line.text.length;
      }
    }
    for (const warning of source.warnings) builder.ledger.note(warning.code, warning.message, warning.byteOffset);
    events?.finish(size);
    return describe(events);
  },
};

function startsWith(head: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => head[index] === character.charCodeAt(0));
}
