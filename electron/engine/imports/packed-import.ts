import { toRowId, toSpanId, toTrackId } from "../../../traces/model/ids.ts";
import type { Track } from "../../../traces/model/trace.ts";
import type { TrackSummary } from "../../contract/engine-contract.ts";
import { toTrackSummary } from "../summary.ts";
import type { ImportedTrace } from "./import-job.ts";

/**
 * An import as it travels between threads. Its tracks are columns: a message of objects says the name of each field
 * for each of them, and a file may have a million.
 */
export interface PackedImport {
  /** Without tracks, as in its outline. */
  readonly imported: ImportedTrace;
  readonly kinds: readonly Track["kind"][];
  readonly names: readonly string[];
  readonly details: readonly string[];
  /** `numbersOfTrack` of each. */
  readonly numbers: Float64Array;
  /** Of the few tracks with more lanes than one. */
  readonly laneRows: readonly (readonly [track: number, rows: readonly number[]])[];
}

const numbersOfTrack = 13;
const none = -1;

export function packImport({ trace, outline, nameTotals }: ImportedTrace): PackedImport {
  const { tracks } = trace;
  const numbers = new Float64Array(tracks.length * numbersOfTrack);
  const laneRows: (readonly [number, readonly number[]])[] = [];
  for (const [index, track] of tracks.entries()) {
    const summary = outline.tracks[index];
    if (summary === undefined) throw new Error(`the outline has no track ${index}`);
    const { busyNs, sampleRange, laneRows: rows } = summary;
    if (rows.length > 0) laneRows.push([index, rows]);
    const at = index * numbersOfTrack;
    numbers[at] = track.parent ?? none;
    numbers[at + 1] = track.sortIndex;
    numbers[at + 2] = track.firstSpan;
    numbers[at + 3] = track.spanCount;
    numbers[at + 4] = track.firstRow;
    numbers[at + 5] = track.rowCount;
    numbers[at + 6] = track.firstInstant;
    numbers[at + 7] = track.instantCount;
    numbers[at + 8] = track.firstSample;
    numbers[at + 9] = track.sampleCount;
    numbers[at + 10] = busyNs ?? Number.NaN;
    numbers[at + 11] = sampleRange?.[0] ?? Number.NaN;
    numbers[at + 12] = sampleRange?.[1] ?? Number.NaN;
  }
  return {
    imported: { trace: { ...trace, tracks: [] }, outline: { ...outline, tracks: [] }, nameTotals },
    kinds: tracks.map(({ kind }) => kind),
    names: tracks.map(({ name }) => name),
    details: tracks.map(({ detail }) => detail),
    numbers,
    laneRows,
  };
}

export function unpackImport({ imported, kinds, names, details, numbers, laneRows }: PackedImport): ImportedTrace {
  const rowsOf = new Map(laneRows);
  const tracks: Track[] = [];
  const summaries: TrackSummary[] = [];
  for (const [index, kind] of kinds.entries()) {
    const at = index * numbersOfTrack;
    const number = (place: number): number => numbers[at + place] ?? Number.NaN;
    const track: Track = {
      id: toTrackId(index),
      kind,
      name: names[index] ?? "",
      detail: details[index] ?? "",
      parent: number(0) === none ? null : toTrackId(number(0)),
      sortIndex: number(1),
      firstSpan: toSpanId(number(2)),
      spanCount: number(3),
      firstRow: toRowId(number(4)),
      rowCount: number(5),
      firstInstant: number(6),
      instantCount: number(7),
      firstSample: number(8),
      sampleCount: number(9),
    };
    tracks.push(track);
    summaries.push(
      toTrackSummary(track, {
        laneRows: rowsOf.get(index) ?? noRows,
        sampleRange: Number.isNaN(number(11)) ? null : [number(11), number(12)],
        busyNs: Number.isNaN(number(10)) ? null : number(10),
      }),
    );
  }
  return {
    ...imported,
    trace: { ...imported.trace, tracks },
    outline: { ...imported.outline, tracks: summaries },
  };
}

const noRows: readonly number[] = [];
