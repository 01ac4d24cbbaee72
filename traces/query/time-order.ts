import type { Trace } from "../model/trace.ts";
import { SliceHeap } from "./slice-heap.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

/** Brings ascending SpanIds into time order: start, then SpanId. They are in time order track by track, so this merges tracks. */
export function* sortByTime(trace: Trace, spans: Uint32Array): Sliced<Uint32Array> {
  const { startNs, firstOfTrack } = trace.spans;
  const runs: { at: number; readonly end: number }[] = [];
  for (let at = 0, track = 0; at < spans.length; track++) {
    const endSpan = firstOfTrack[track + 1];
    const first = at;
    while (at < spans.length && spans[at] < endSpan) at++;
    if (at > first) runs.push({ at: first, end: at });
  }
  if (runs.length <= 1) return spans;
  const ordered = new Uint32Array(spans.length);
  const heap = new SliceHeap(runs.length);
  runs.forEach((run, index) => heap.push(index, startNs[spans[run.at]]));
  for (let i = 0; i < ordered.length; i++) {
    const index = heap.top;
    const run = runs[index];
    ordered[i] = spans[run.at++];
    if (run.at < run.end) heap.replaceTop(index, startNs[spans[run.at]]);
    else heap.pop();
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  return ordered;
}
