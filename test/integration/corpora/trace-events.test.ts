import { describe, expect, it } from "vitest";
import type { Trace } from "../../../traces/model/trace.ts";
import {
  corpusPath,
  droppedCount,
  hasCorpora,
  importPath,
  lengthOf,
  noteCount,
  readExpected,
  type SpanRow,
  sumNs,
  threadSpans,
  uncovered,
  unionOf,
  whySkipped,
} from "./corpora.ts";

interface Expected {
  readonly events: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly slice_tracks: number;
  readonly complete_spans: number;
  readonly complete_dur_sum_ns: number;
  readonly begin_end_spans: number;
  readonly begin_end_dur_sum_ns: number;
  readonly first_ns: number | string | null;
  readonly last_ns: number | string | null;
  readonly inversions: number;
  readonly bad_ts_or_dur: number;
  readonly open_ended_complete: number;
  readonly zero_dur_complete: number;
  readonly negative_dur: number;
  readonly open_begin: number;
  readonly end_unmatched: number;
  readonly end_name_differs: number;
  readonly end_closed_below_top: number;
  readonly end_before_begin: number;
  readonly overlaps: number;
  readonly rounded_ts: number;
  readonly baseTimeNanoseconds?: string;
  readonly categories?: Readonly<Record<string, number>>;
  readonly gpu_ns?: Readonly<Record<string, number>>;
  readonly kernel_top?: readonly { readonly name: string; readonly calls: number; readonly dur_ns: number }[];
}

function count(expected: Expected, phases: string): number {
  return [...phases].reduce((sum, phase) => sum + (expected.phases[phase] ?? 0), 0);
}

function checkCounts(trace: Trace, expected: Expected): void {
  const { ledger } = trace.meta;
  const rows = threadSpans(trace);
  const closed = rows.filter((row) => !row.openEnded);
  expect({
    events: ledger.eventsRead,
    sliceTracks: new Set(rows.map((row) => row.track.id)).size,
    closed: closed.length,
    closedNs: sumNs(closed),
    open: rows.length - closed.length,
    badTime: droppedCount(trace, "badTime"),
    inversions: noteCount(trace, "inversions"),
    zero: noteCount(trace, "zeroDuration"),
    negative: noteCount(trace, "negativeDuration"),
    unmatched: droppedCount(trace, "endUnmatched"),
    nameDiffers: noteCount(trace, "endNameDiffers"),
    belowTop: noteCount(trace, "endBelowTop"),
    beforeBegin: noteCount(trace, "endBeforeBegin"),
    overlaps: noteCount(trace, "overlaps"),
    rounded: noteCount(trace, "rounded"),
    metadata: ledger.metadata,
  }).toEqual({
    events: expected.events,
    sliceTracks: expected.slice_tracks,
    closed: expected.complete_spans + expected.begin_end_spans,
    closedNs: expected.complete_dur_sum_ns + expected.begin_end_dur_sum_ns,
    open: expected.open_begin + expected.open_ended_complete,
    badTime: expected.bad_ts_or_dur,
    inversions: expected.inversions,
    zero: expected.zero_dur_complete,
    negative: expected.negative_dur,
    unmatched: expected.end_unmatched,
    nameDiffers: expected.end_name_differs,
    belowTop: expected.end_closed_below_top,
    beforeBegin: expected.end_before_begin,
    overlaps: expected.overlaps,
    rounded: expected.rounded_ts,
    metadata: count(expected, "M") + (expected.phases["(none)"] ?? 0),
  });
}

/**
 * The expected first and last times are those of all events of the file; a trace reaches from the first to the last
 * thing it shows. Here something at the edge is not shown, or is no event.
 */
const otherEdges: ReadonlyMap<string, string> = new Map([
  ["catapult_flow.json", "the first event is an end of an arrow"],
  ["speedscope_end-event-with-empty-stack.json", "the last event is an unmatched end"],
  ["speedscope_too-many-end-events.json", "the last event is an unmatched end"],
  ["catapult_perf_sampling_trace_with_trace_events.json.gz", "samples go on behind the last event"],
  ["speedscope_multi-thread-with-samples.json", "samples go on behind the last event"],
  ["perfettotest_json_thread_state.json", "the last state ends behind the last event"],
  ["speedscope_Chrome65_timeline.json", "samples begin before the first event"],
  ["speedscope_simple-with-samples.json", "there are samples only"],
]);

/** Where the rules of this product differ on purpose from the reader that made the expected values. */
const otherCounts: ReadonlyMap<string, Partial<Expected>> = new Map([
  // The phase "XXX" is judged by its first letter.
  [
    "perfettotest_string_pid_tid.json",
    { complete_spans: 1, complete_dur_sum_ns: 500_100, slice_tracks: 1, last_ns: 505_200 },
  ],
  // A track without a span that could be read is none.
  ["perfettotest_string_ts_trailing_chars.json", { slice_tracks: 0 }],
]);

function checkTimes(trace: Trace, file: string, expected: Expected): void {
  if (expected.first_ns === null || expected.last_ns === null || otherEdges.has(file)) return;
  if (trace.spans.length + trace.instants.length + trace.counters.length === 0) return;
  const first = trace.meta.originClockNs;
  expect({ first, last: first + BigInt(trace.meta.durationNs) }).toEqual({
    first: BigInt(expected.first_ns),
    last: BigInt(expected.last_ns),
  });
}

const gpuCategories: ReadonlySet<string> = new Set(["kernel", "gpu_memcpy", "gpu_memset", "memcpy", "memset"]);

function checkDevices(trace: Trace, expected: Expected): void {
  const rows = threadSpans(trace);
  const categories: Record<string, number> = {};
  for (const { category } of rows) if (category !== null) categories[category] = (categories[category] ?? 0) + 1;
  expect(categories).toEqual(expected.categories);
  const gpu = rows.filter((row) => row.category !== null && gpuCategories.has(row.category.toLowerCase()));
  if (expected.gpu_ns === undefined) {
    expect(gpu).toEqual([]);
    return;
  }
  const ofCategory = (pattern: RegExp): SpanRow[] => gpu.filter((row) => pattern.test(row.category ?? ""));
  const kernels = ofCategory(/^kernel$/i);
  const communication = unionOf(kernels.filter((row) => row.name.includes("nccl")));
  const compute = unionOf([...kernels.filter((row) => !row.name.includes("nccl")), ...ofCategory(/memset$/i)]);
  const memcpy = unionOf(ofCategory(/memcpy$/i));
  const busy = unionOf(gpu);
  const span = Math.max(...gpu.map((row) => row.startNs + row.durationNs)) - Math.min(...gpu.map((row) => row.startNs));
  expect({
    gpu_events: gpu.length,
    gpu_events_without_launch: noteCount(trace, "gpuWithoutLaunch"),
    kernels: kernels.length,
    kernel_names: new Set(kernels.map((row) => row.name)).size,
    kernel_dur_sum: sumNs(kernels),
    compute_union: lengthOf(compute),
    comm_union: lengthOf(communication),
    memcpy_union: lengthOf(memcpy),
    exposed_comm: uncovered(communication, compute),
    exposed_memcpy: uncovered(memcpy, unionOf([...kernels, ...ofCategory(/memset$/i)])),
    busy_union: lengthOf(busy),
    span,
    idle: span - lengthOf(busy),
  }).toEqual(expected.gpu_ns);
  expect(topKernels(kernels).slice(0, expected.kernel_top?.length)).toEqual(expected.kernel_top);
}

function topKernels(kernels: readonly SpanRow[]): { name: string; calls: number; dur_ns: number }[] {
  const byName = new Map<string, { name: string; calls: number; dur_ns: number }>();
  for (const { name, durationNs } of kernels) {
    const total = byName.get(name) ?? { name, calls: 0, dur_ns: 0 };
    byName.set(name, { name, calls: total.calls + 1, dur_ns: total.dur_ns + durationNs });
  }
  return [...byName.values()].toSorted((a, b) => b.dur_ns - a.dur_ns);
}

describe.skipIf(!hasCorpora)("chrome corpus", () => {
  it.each(readExpected<Expected>("chrome"))("reads %s as independent readers do", async (file, expected) => {
    const trace = await importPath(corpusPath("chrome", file));
    const agreed = { ...expected, ...otherCounts.get(file) };
    checkCounts(trace, agreed);
    checkTimes(trace, file, agreed);
  });
});

describe.skipIf(!hasCorpora)("kineto corpus", () => {
  it.each(readExpected<Expected>("kineto"))("reads %s as independent readers do", async (file, expected) => {
    const trace = await importPath(corpusPath("kineto", file));
    checkCounts(trace, expected);
    checkTimes(trace, file, expected);
    checkDevices(trace, expected);
    if (expected.baseTimeNanoseconds !== undefined) {
      expect(trace.meta.originUnixNs).toBe(BigInt(expected.first_ns ?? 0) + BigInt(expected.baseTimeNanoseconds));
    }
  });
});

if (!hasCorpora) describe.skip("corpora", () => it(whySkipped, () => undefined));
