import { lowerBound } from "./column.ts";
import type { PlacedTimes, PlaceInput } from "./place-times.ts";
import { longDuration } from "./trace.ts";

/** Spans of a track that begin and end together with another one, in push order. */
interface Ties {
  readonly place: number[];
  readonly offset: number[];
}

/**
 * Puts spans of equal times in the order of the file, in the tracks that ask for it: begin and end events are paired when
 * all others are there. Only `rank` changes, since the spans are equal in all that was placed.
 */
export function orderTiesBySource(input: PlaceInput, times: Omit<PlacedTimes, "rank">, rank: Uint32Array): void {
  const tied = findTies(input, times);
  if (tied === null) return;
  const { place, offset } = collectTies(input, tied, rank);
  const order = Uint32Array.from(place, (_, i) => i).sort((a, b) => rank[place[a]] - rank[place[b]]);
  for (let begin = 0; begin < order.length;) {
    const first = rank[place[order[begin]]];
    let end = begin + 1;
    while (end < order.length && tied[first + end - begin] === 1) end++;
    const run = order.subarray(begin, end).sort((a, b) => offset[a] - offset[b] || place[a] - place[b]);
    for (let i = 0; i < run.length; i++) rank[place[run[i]]] = first + i;
    begin = end;
  }
}

/** By SpanId: 1 where the span before has the same times. Null where none has. */
function findTies(
  { firsts, bySource }: PlaceInput,
  { startNs, packedDurationNs, long }: Omit<PlacedTimes, "rank">,
): Uint8Array | null {
  let tied: Uint8Array | null = null;
  const durationOf = (span: number): number =>
    packedDurationNs[span] === longDuration ? long.durationNs[lowerBound(long.span, span)] : packedDurationNs[span];
  for (const track of bySource)
    for (let span = firsts[track] + 1; span < firsts[track + 1]; span++) {
      if (startNs[span] !== startNs[span - 1] || durationOf(span) !== durationOf(span - 1)) continue;
      tied ??= new Uint8Array(startNs.length + 1);
      tied[span] = 1;
    }
  return tied;
}

function collectTies({ store, firsts, bySource }: PlaceInput, tied: Uint8Array, rank: Uint32Array): Ties {
  const ties: Ties = { place: [], offset: [] };
  const next = firsts.slice();
  store.forEachBlock(({ track, sourceLow, sourceHigh }, rows) => {
    for (let i = 0; i < rows; i++) {
      const place = next[track[i]]++;
      const span = rank[place];
      if ((tied[span] === 0 && tied[span + 1] === 0) || !bySource.has(track[i])) continue;
      ties.place.push(place);
      ties.offset.push((sourceHigh === null ? 0 : sourceHigh[i] * 2 ** 32) + sourceLow[i]);
    }
  });
  return ties;
}
