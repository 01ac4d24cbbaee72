import { linkOf } from "../../model/link-table.ts";
import { flagsOf, categoryOf, durationOf, noCategory, selfOf, SpanFlag, type Trace } from "../../model/trace.ts";
import { spanKindNames } from "../../model/span-kind.ts";
import { toCell } from "../csv-cell.ts";
import type { Exporter } from "../exporter.ts";
import { createHomeFolderFilter } from "../home-folders.ts";
import { PieceBuffer } from "../piece-buffer.ts";
import { trackPath } from "../track-path.ts";
import { textOf } from "../../model/text-table.ts";

/*
 * One span a row, in the order of tracks and time. UTF-8 without a mark.
 */

const columns = [
  "span",
  "track_id",
  "track",
  "name",
  "category",
  "kind",
  "start_ns",
  "duration_ns",
  "self_ns",
  "depth",
  "lane",
  "parent",
  "link",
  "open_ended",
] as const;

const spansPerLook = 4096;

export const csvSpans: Exporter = {
  id: "csv-spans",
  label: "Table of spans (CSV)",
  extension: "csv",
  description: "One span a row, for spreadsheets and data frames",
  takes: "spans",
  writesArguments: false,
  async *write(trace, context) {
    const { spans, tracks } = trace;
    const hideHome = createHomeFolderFilter(context.keepHomeFolders);
    const cellOf = (text: string): string => toCell(hideHome(text));
    const names = createTextCache(trace, cellOf);
    const pieces = new PieceBuffer();
    pieces.add(`${columns.join(",")}\r\n`);
    for (const track of tracks) {
      const path = cellOf(trackPath(tracks, track.id));
      for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
        if (span % spansPerLook === 0) {
          context.throwIfCancelled();
          context.reportProgress(span, spans.length);
        }
        pieces.add(toRow(trace, span, `${track.id},${path}`, names));
        if (pieces.isFull) yield pieces.take();
      }
    }
    yield pieces.take();
  },
};

function toRow({ spans, categories }: Trace, span: number, track: string, names: (id: number) => string): string {
  const isOpen = (flagsOf(spans, span) & SpanFlag.openEnded) !== 0;
  const category = categoryOf(spans, span);
  return `${[
    span,
    track,
    names(spans.name[span]),
    category === noCategory ? "" : names(categories[category]),
    spanKindNames[spans.kind[span]],
    spans.startNs[span],
    // The end of an open-ended span is not in the file.
    isOpen ? "" : durationOf(spans, span),
    isOpen ? "" : selfOf(spans, span),
    spans.depth[span],
    spans.lane === undefined ? 0 : spans.lane[span],
    spans.parent[span] < 0 ? "" : spans.parent[span],
    linkOf(spans, span) || "",
    isOpen ? 1 : 0,
  ].join(",")}\r\n`;
}

function createTextCache({ strings }: Trace, toText: (text: string) => string): (id: number) => string {
  const known: string[] = [];
  return (id) => (known[id] ??= toText(textOf(strings, id)));
}
