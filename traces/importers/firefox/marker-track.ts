import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { BeginEndEvents, findEnds, noEnd } from "../chrome/begin-end.ts";
import { stableOrder } from "../chrome/growable.ts";
import { Tally } from "../chrome/tally.ts";
import { type Marker, MarkerPhase } from "./markers.ts";

/** Puts the markers of a thread on a track of their own, which `makeTrack` adds when there are any. */
export function addMarkers(
  builder: TraceBuilder,
  markers: readonly Marker[],
  offsetMs: number,
  makeTrack: () => TrackId,
): void {
  const { ledger } = builder;
  ledger.read(markers.length);
  const timed = markers.filter(
    ({ startMs, endMs, phase }) => startMs !== undefined && (phase !== MarkerPhase.interval || endMs !== undefined),
  );
  ledger.dropped(
    "markerWithoutTime",
    "markers without the time that their phase needs",
    -1,
    markers.length - timed.length,
  );
  if (timed.length === 0) return;
  const track = makeTrack();
  const toNs = (ms = 0): number => Math.round((ms + offsetMs) * 1e6);
  const events = new BeginEndEvents();
  for (const { name: text, phase, startMs, endMs, category: categoryText } of timed) {
    const name = builder.intern(text);
    const category = categoryText === null ? noCategory : builder.category(categoryText);
    const startNs = toNs(startMs);
    if (phase === MarkerPhase.instant) builder.addInstant(track, startNs, name, category, 0, 0);
    else if (phase === MarkerPhase.interval)
      builder.addSpan(track, startNs, toNs(endMs) - startNs, name, SpanKind.other, category, 0);
    else if (phase === MarkerPhase.intervalStart) events.begin(startNs, name, category, SpanKind.other, 0);
    else events.end(startNs, name, false, 0);
  }
  addPairs(builder, track, events);
}

function addPairs(builder: TraceBuilder, track: TrackId, events: BeginEndEvents): void {
  const { ledger } = builder;
  const tally = (code: string, message: string): Tally => new Tally(ledger, code, message, "info");
  const tallies = {
    endNameDiffers: tally("endNameDiffers", "ends of markers whose name differs from that of the marker they close"),
    endBeforeBegin: tally("endBeforeBegin", "ends of markers that stand before their begin, at the same time"),
    endBelowTop: tally("endBelowTop", "ends of markers that close one while others inside it stay open"),
    openEnded: tally(
      "openEnded",
      "markers without an end in the file; drawn to the end of the trace, kept out of all sums",
    ),
  };
  const order = stableOrder(events.timeNs.view());
  const ends = findEnds(events, order, builder, tallies);
  for (let position = 0; position < events.timeNs.length; position++) {
    const begin = order === null ? position : order[position];
    const name = events.name.at(begin);
    if (name < 0) continue;
    const startNs = events.timeNs.at(begin);
    const openEnded = ends[begin] === noEnd;
    if (openEnded) tallies.openEnded.add(-1);
    const durationNs = openEnded ? 0 : events.timeNs.at(ends[begin]) - startNs;
    const category = Math.floor(events.category.at(begin) / 16);
    builder.addSpan(track, startNs, durationNs, name as StringId, SpanKind.other, category, 0, { openEnded });
  }
  for (const each of Object.values(tallies)) each.flush();
}
