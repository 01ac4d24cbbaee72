import type { SpanBrief, TrackSummary } from "../../../electron/contract/engine-contract.ts";
import type { SpanPairs } from "../../../traces/compare/comparison.ts";
import type { SideName } from "../../state/compare-sides.ts";

/** The spans of one step of one side. */
export interface StepSpans {
  readonly startNs: number;
  readonly durationNs: number;
  readonly spans: readonly SpanBrief[];
  readonly tracks: readonly TrackSummary[];
}

/** A track of both sides: rows of A above rows of B, equally many. */
export interface DualTrack {
  readonly key: string;
  readonly name: string;
  readonly topPx: number;
  readonly rowCount: number;
  /** Rows below the deepest that is drawn. */
  readonly hiddenRows: number;
}

/** A span with its place and its counterpart on the other side. */
export interface DualSpan {
  readonly side: SideName;
  readonly span: SpanBrief;
  readonly track: DualTrack;
  /** From the first row of its track on its side. */
  readonly rowInTrack: number;
  /** What the comparison matched it with; null when the other side has nothing. */
  readonly twin: SpanBrief | null;
  /** How sure that is, 0 to 1; null without a twin. */
  readonly confidence: number | null;
  /** False for what reaches over from the step before or after. */
  readonly isOfStep: boolean;
}

export interface DualLayout {
  readonly tracks: readonly DualTrack[];
  readonly spans: readonly DualSpan[];
  readonly heightPx: number;
}

export const dualRowPx = 15;
export const dualHeadPx = 20;
const trackGapPx = 10;
/** Rows beyond are counted, not drawn: one step is read from its outer levels. */
const mostRows = 8;

/** Lays both steps out on common tracks; spans deeper than `mostRows` are left out of the drawing. */
export function layoutDual(before: StepSpans, after: StepSpans, pairs: SpanPairs): DualLayout {
  const sides = { before, after };
  const twins = findTwins(sides, pairs);
  const keys = matchTracks(sides, twins.before);
  const depths = new Map<string, { readonly name: string; readonly rows: number }>();
  for (const side of ["before", "after"] as const)
    for (const span of sides[side].spans) {
      const key = keys[side].get(span.track);
      const track = sides[side].tracks[span.track];
      if (key === undefined || track === undefined) continue;
      const rows = Math.max(depths.get(key)?.rows ?? 0, span.row - track.firstRow + 1);
      depths.set(key, { name: depths.get(key)?.name ?? track.name, rows });
    }
  const order = [...new Set([...keys.before.values(), ...keys.after.values()])].filter((key) => depths.has(key));
  let topPx = dualHeadPx;
  const tracks = order.map((key): DualTrack => {
    const { name, rows } = depths.get(key) ?? { name: key, rows: 1 };
    const rowCount = Math.min(mostRows, rows);
    const track = { key, name, topPx, rowCount, hiddenRows: rows - rowCount };
    topPx += 2 * rowCount * dualRowPx + trackGapPx;
    return track;
  });
  const byKey = new Map(tracks.map((track) => [track.key, track]));
  const alone = { before: new Set(pairs.onlyBefore), after: new Set(pairs.onlyAfter) };
  const spans = (["before", "after"] as const).flatMap((side) =>
    sides[side].spans.flatMap((span): readonly DualSpan[] => {
      const track = byKey.get(keys[side].get(span.track) ?? "");
      const rowInTrack = span.row - (sides[side].tracks[span.track]?.firstRow ?? 0);
      if (track === undefined || rowInTrack >= track.rowCount) return [];
      const found = twins[side].get(span.span);
      const isOfStep = found !== undefined || alone[side].has(span.span);
      return [
        { side, span, track, rowInTrack, twin: found?.twin ?? null, confidence: found?.confidence ?? null, isOfStep },
      ];
    }),
  );
  return { tracks, spans, heightPx: topPx };
}

/** Where a span lies; A above B inside its track. */
export function rowTopPx({ side, track, rowInTrack }: Pick<DualSpan, "side" | "track" | "rowInTrack">): number {
  return track.topPx + (rowInTrack + (side === "after" ? track.rowCount : 0)) * dualRowPx;
}

type TrackKeys = ReadonlyMap<number, string>;

/**
 * Keys that the tracks of both sides have in common: first those with most counterparts of each other, since an id may be
 * that of another thread in the other run, then those of like names.
 */
function matchTracks(
  sides: Readonly<Record<SideName, StepSpans>>,
  twins: ReadonlyMap<number, Twin>,
): Readonly<Record<SideName, TrackKeys>> {
  const before = new Map<number, string>();
  const after = new Map<number, string>();
  for (const { a, b } of countTwins(sides.before.spans, twins).toSorted((x, y) => y.count - x.count)) {
    if (before.has(a) || after.has(b)) continue;
    before.set(a, `twins ${a}`);
    after.set(b, `twins ${a}`);
  }
  return { before: withNames(sides.before.tracks, before), after: withNames(sides.after.tracks, after) };
}

interface TrackPair {
  readonly a: number;
  readonly b: number;
  count: number;
}

function countTwins(spans: readonly SpanBrief[], twins: ReadonlyMap<number, Twin>): readonly TrackPair[] {
  const found = new Map<string, TrackPair>();
  for (const { span, track: a } of spans) {
    const b = twins.get(span)?.twin.track;
    if (b === undefined) continue;
    const pair = found.get(`${a} ${b}`) ?? { a, b, count: 0 };
    pair.count++;
    found.set(`${a} ${b}`, pair);
  }
  return [...found.values()];
}

/** Names of tracks carry ids that differ from run to run; equal words of one kind are told apart by their order. */
function withNames(tracks: readonly TrackSummary[], known: TrackKeys): TrackKeys {
  const seen = new Map<string, number>();
  return new Map(
    tracks.map((track) => {
      const key = known.get(track.id);
      if (key !== undefined) return [track.id, key];
      const plain = track.name.replace(/-?\b\d{3,}\b/g, "").trim();
      const word = `${track.kind} ${plain}`;
      const turn = seen.get(word) ?? 0;
      seen.set(word, turn + 1);
      return [track.id, `${word} ${turn}`];
    }),
  );
}

interface Twin {
  readonly twin: SpanBrief;
  readonly confidence: number;
}

function findTwins(
  sides: Readonly<Record<SideName, StepSpans>>,
  pairs: SpanPairs,
): Readonly<Record<SideName, ReadonlyMap<number, Twin>>> {
  const byNumber = (side: SideName): ReadonlyMap<number, SpanBrief> =>
    new Map(sides[side].spans.map((span) => [span.span, span]));
  const spans = { before: byNumber("before"), after: byNumber("after") };
  const twins = { before: new Map<number, Twin>(), after: new Map<number, Twin>() };
  pairs.before.forEach((number, i) => {
    const a = spans.before.get(number);
    const b = spans.after.get(pairs.after[i] ?? -1);
    if (a === undefined || b === undefined) return;
    const confidence = pairs.confidence[i] ?? 0;
    twins.before.set(a.span, { twin: b, confidence });
    twins.after.set(b.span, { twin: a, confidence });
  });
  return twins;
}
