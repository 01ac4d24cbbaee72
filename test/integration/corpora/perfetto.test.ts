import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { importerOf } from "../../../traces/importers/import-file.ts";
import {
  flagsOf,
  durationOf,
  endSourceOf,
  categoryOf,
  noCategory,
  sourceOffsetOf,
  type Trace,
  type Track,
} from "../../../traces/model/trace.ts";
import { importContent as importBytes } from "../../unit/importers/import-text.ts";
import { corpusPath, droppedCount, hasCorpora, importPath, readExpected, whySkipped } from "./corpora.ts";
import { expectedRows, type Row } from "./perfetto-rows.ts";
import { textOf as stringOf } from "../../../traces/model/text-table.ts";

interface Expected {
  readonly packets: number;
  readonly tracks: number | Readonly<Record<string, number>>;
  readonly slices: number;
  readonly unmatched_end: number;
  readonly unclosed: number;
  readonly top_ns: readonly (readonly [name: string, count: number, ns: number])[];
  readonly first_ts: number | null;
  readonly last_ts: number | null;
}

/** A slice as Perfetto lists them: spans, and instants as slices of no duration. */
interface Slice {
  readonly track: Track;
  readonly name: string;
  readonly category: string;
  readonly startNs: number;
  /** -1 while open. */
  readonly durationNs: number;
  readonly offset: number;
  readonly endOffset: number | null;
}

function slicesOf(trace: Trace): Slice[] {
  const origin = Number(trace.meta.originClockNs);
  const { spans, instants, strings } = trace;
  const textOf = (category: number): string =>
    category === noCategory ? "[NULL]" : stringOf(strings, trace.categories[category]);
  const slices: Slice[] = [];
  for (const track of trace.tracks) {
    for (let i: number = track.firstSpan; i < track.firstSpan + track.spanCount; i++)
      slices.push({
        track,
        name: stringOf(strings, spans.name[i]),
        category: textOf(categoryOf(spans, i)),
        startNs: spans.startNs[i] + origin,
        durationNs: (flagsOf(spans, i) & 1) === 1 ? -1 : durationOf(spans, i),
        offset: sourceOffsetOf(spans, i),
        endOffset: endSourceOf(spans, i),
      });
    for (let i = track.firstInstant; i < track.firstInstant + track.instantCount; i++)
      slices.push({
        track,
        name: stringOf(strings, instants.name[i]),
        category: textOf(instants.category[i]),
        startNs: instants.timeNs[i] + origin,
        durationNs: 0,
        offset: sourceOffsetOf(instants, i),
        endOffset: null,
      });
  }
  return slices.toSorted((a, b) => a.startNs - b.startNs);
}

/** Arguments of slices, as the window shows them. */
async function argumentsOf(path: string, trace: Trace, slices: readonly Slice[]): Promise<Map<string, string>[]> {
  const source = await openByteSource(path);
  const reader = await importerOf(trace.meta.format).openArguments?.(source);
  const all: Map<string, string>[] = [];
  for (const { offset, endOffset, name } of slices)
    all.push(new Map((await reader?.read({ offset, endOffset, name }))?.args));
  source.close();
  return all;
}

async function openTest(test: string): Promise<Trace> {
  const trace = await importPath(corpusPath("perfetto", `${test}.pftrace`));
  expect(trace.meta.format).toBe("perfetto");
  return trace;
}

/** Name of a track without the id that this product puts behind names of processes and threads. */
const bareName = ({ name }: Track): string => name.replace(/ \d+$/, "");

/** Columns by which Perfetto's tests name a track. */
function columnsOf(trace: Trace, track: Track): Row {
  const parent = track.parent === null ? null : trace.tracks[track.parent];
  const isThread = track.kind === "thread" && track.detail.startsWith("tid ");
  return {
    process: track.kind === "process" ? bareName(track) : "[NULL]",
    thread: isThread ? bareName(track) : "[NULL]",
    thread_process: isThread && parent !== null && !parent.name.startsWith("process ") ? bareName(parent) : "[NULL]",
  };
}

function sliceRows(trace: Trace, rows: readonly Row[]): Row[] {
  return slicesOf(trace).map((slice) => {
    const row: Row = {
      track: "[NULL]",
      ...columnsOf(trace, slice.track),
      ts: String(slice.startNs),
      dur: String(slice.durationNs),
      category: slice.category,
      name: slice.name,
    };
    return Object.fromEntries(Object.keys(rows[0] ?? {}).map((key) => [key, row[key] ?? ""]));
  });
}

const anyOrder = <T>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe.skipIf(!hasCorpora)("perfetto corpus", () => {
  it.each(readExpected<Expected>("perfetto"))("reads %s as independent readers do", async (file, expected) => {
    const trace = await importPath(corpusPath("perfetto", file));
    const { ledger } = trace.meta;
    expect(trace.meta.format).toBe("perfetto");
    expect(ledger.eventsRead).toBe(expected.packets + ledger.flowEnds);
    expect(ledger.spans).toBe(expected.slices);
    expect(droppedCount(trace, "endUnmatched")).toBe(expected.unmatched_end);
    expect(ledger.dropped).toEqual([]);
    const slices = slicesOf(trace);
    expect(slices.filter(({ durationNs }) => durationNs < 0)).toHaveLength(expected.unclosed);
    const counts = new Map<string, number>();
    for (const track of trace.tracks)
      if (track.spanCount > 0) counts.set(track.name.replace(/ \d+$/, ""), track.spanCount);
    if (typeof expected.tracks === "number")
      expect(trace.tracks.filter((track) => track.spanCount > 0)).toHaveLength(expected.tracks);
    else expect(Object.fromEntries(counts)).toEqual(expected.tracks);
    for (const [name, count, ns] of expected.top_ns) {
      const named = slices.filter((slice) => slice.name === name);
      expect([name, named.length, named.reduce((sum, slice) => sum + slice.durationNs, 0)]).toEqual([name, count, ns]);
    }
    expect(slices[0]?.startNs ?? null).toBe(expected.first_ts);
    const ends = slices.map((slice) => slice.startNs + slice.durationNs);
    expect(ends.length === 0 ? null : Math.max(...ends)).toBe(expected.last_ts);
  });

  it.each(["tp_flow_events_proto_v1", "tp_flow_events_track_event"])("joins the slices of %s", async (test) => {
    const trace = await openTest(test);
    const { from, to } = trace.flows;
    const nameOf = (span: number): string => stringOf(trace.strings, trace.spans.name[span]);
    const rows = Array.from({ length: trace.flows.length }, (_, i) => ({
      slice_out: nameOf(from[i]),
      slice_in: nameOf(to[i]),
    }));
    expect(anyOrder(rows)).toEqual(anyOrder(expectedRows(test)));
    expect(trace.meta.ledger.notes.map((note) => note.code)).not.toContain("danglingFlows");
  });

  it.each(["tp_track_event_counters_slices", "tp_track_event_same_tids_slices", "tp_track_event_with_atrace"])(
    "lists the slices of %s",
    async (test) => {
      const trace = await openTest(test);
      const rows = expectedRows(test);
      expect(anyOrder(sliceRows(trace, rows))).toEqual(anyOrder(rows));
      expect(trace.meta.ledger.dropped).toEqual([]);
    },
  );

  it("lists asynchronous slices of the old form with their arguments", async () => {
    const test = "tp_legacy_async_event";
    const trace = await openTest(test);
    const slices = slicesOf(trace);
    const args = await argumentsOf(corpusPath("perfetto", `${test}.pftrace`), trace, slices);
    const rows = expectedRows(test);
    const placeOf = (row: Row): string => `${row["ts"]} ${row["dur"]} ${row["category"]} ${row["name"]}`;
    expect(new Set(slices.map((each) => `${each.startNs} ${each.durationNs} ${each.category} ${each.name}`))).toEqual(
      new Set(rows.map((row) => `${row["ts"]} ${row["dur"]} ${row["category"]} name1`)),
    );
    expect(rows.map(placeOf).length).toBeGreaterThan(slices.length);
    for (const row of rows) {
      const key = row["key"] ?? "";
      if (!key.startsWith("debug.")) continue;
      const index = slices.findIndex((slice) => String(slice.startNs) === row["ts"]);
      expect(args[index]?.get(key.slice("debug.".length))).toBe(row["string_value"]);
    }
  });

  it("merges the annotations of begin and end", async () => {
    const test = "tp_track_event_merged_debug_annotations_args";
    const trace = await openTest(test);
    const slices = slicesOf(trace);
    expect(slices).toHaveLength(1);
    const [args] = await argumentsOf(corpusPath("perfetto", `${test}.pftrace`), trace, slices);
    const wanted = expectedRows(test)
      .filter((row) => row["key"]?.startsWith("debug."))
      .map((row) => [row["key"]?.slice("debug.".length), row["int_value"]]);
    expect(Object.fromEntries(args ?? [])).toEqual(Object.fromEntries(wanted));
  });

  it("tells the callstacks of slices", async () => {
    const test = "tp_track_event_callstacks";
    const trace = await openTest(test);
    const slices = slicesOf(trace);
    const args = await argumentsOf(corpusPath("perfetto", `${test}.pftrace`), trace, slices);
    for (const row of expectedRows(test)) {
      const index = slices.findIndex((slice) => slice.name === row["name"]);
      const place = row["source_file"] === "[NULL]" ? "" : ` (${row["source_file"]}:${row["line_number"]})`;
      expect(args[index]?.get("callstack[0]")).toBe(`${row["leaf_frame"]}${place}`);
    }
  });

  it("adds up counters", async () => {
    const test = "tp_track_event_counters_counters";
    const trace = await openTest(test);
    const origin = Number(trace.meta.originClockNs);
    const rows = trace.tracks.flatMap((track) =>
      Array.from({ length: track.sampleCount }, (_, i) => {
        const parent = track.parent === null ? null : trace.tracks[track.parent];
        const place = parent === null ? columnsOf(trace, track) : columnsOf(trace, parent);
        return {
          counter_name: track.name,
          ...place,
          unit: track.detail === "" || track.detail.startsWith("track") ? "[NULL]" : track.detail,
          ts: String(trace.counters.timeNs[track.firstSample + i] + origin),
          value: trace.counters.value[track.firstSample + i].toFixed(6),
        };
      }),
    );
    expect(anyOrder(rows)).toEqual(anyOrder(expectedRows(test)));
  });

  it("counts one bad time and one bad state", async () => {
    const overflow = await openTest("tp_track_event_absolute_timestamp_us_overflow");
    const [row] = expectedRows("tp_track_event_absolute_timestamp_us_overflow");
    const slices = slicesOf(overflow);
    expect({
      slice_count: String(slices.length),
      slice_name: slices[0]?.name,
      slice_ts: String(slices[0]?.startNs),
      errors: String(droppedCount(overflow, "badTime")),
    }).toEqual(row);
    const fallback = await openTest("tp_state_track_legacy_fallback_error");
    expect(String(droppedCount(fallback, "stateOnThread"))).toBe(
      expectedRows("tp_state_track_legacy_fallback_error")[0]?.["value"],
    );
  });

  it("shows states from change to change", async () => {
    const simple = await openTest("tp_track_event_simple_state");
    expect(
      slicesOf(simple).map((slice, id) => ({
        id: String(id),
        ts: String(slice.startNs),
        dur: String(slice.durationNs),
        category: slice.category,
        value: slice.name,
        track_name: slice.track.name,
      })),
    ).toEqual(expectedRows("tp_track_event_simple_state"));
    const nested = await openTest("tp_track_event_state_state");
    const rows = slicesOf(nested).map((slice) => ({
      state_name: slice.track.name,
      ...columnsOf(nested, slice.track.parent === null ? slice.track : nested.tracks[slice.track.parent]),
      ts: String(slice.startNs),
      value: slice.name,
    }));
    expect(rows).toEqual(expectedRows("tp_track_event_state_state"));
  });

  it.each(["tp_track_event_name_resolution", "tp_track_event_name_resolution_null_override"])(
    "names the tracks of %s",
    async (test) => {
      const trace = await openTest(test);
      expect(trace.tracks.map((track) => track.name).toSorted()).toEqual(
        expectedRows(test)
          .map((row) => row["name"] ?? "")
          .toSorted(),
      );
    },
  );

  it.each(["tp_track_event_descriptions", "tp_track_event_tracks_machine_id", "tp_track_event_tracks_processes"])(
    "finds the tracks of %s",
    async (test) => {
      const trace = await openTest(test);
      const isThread = (track: Track): boolean => track.detail.startsWith("tid ");
      const names = trace.tracks.map((track) =>
        track.kind === "process"
          ? `process=${bareName(track)}`
          : isThread(track)
            ? `thread=${bareName(track)}`
            : track.name,
      );
      const rows = expectedRows(test);
      if (test === "tp_track_event_tracks_processes") {
        // Perfetto lists a process 0 without a name, which stands for the kernel.
        const processes = rows.filter((row) => row["name"] !== "[NULL]").map((row) => `process=${row["name"]}`);
        expect(names.filter((name) => name.startsWith("process=")).toSorted()).toEqual(processes.toSorted());
        return;
      }
      // Perfetto lists each process track twice when its process id is used again.
      expect(new Set(names)).toEqual(new Set(rows.map((row) => row["name"])));
      if (test !== "tp_track_event_descriptions") return;
      for (const { name, description } of rows) {
        if (description === "[NULL]") continue;
        expect(trace.tracks[names.indexOf(name ?? "")]?.detail.split(" · ")[1]).toBe(description);
      }
    },
  );

  it("orders processes and threads by rank", async () => {
    const test = "tp_track_descriptor_process_thread_sort_index";
    const path = corpusPath("perfetto", `${test}.pftrace`);
    // The file describes tracks without events, which are not shown: an instant on each is added here.
    const instantOn = (uuid: number): number[] => [10, 10, 64, 1, 80, 1, 90, 4, 72, 3, 88, uuid];
    const bytes = Uint8Array.from([...readFileSync(path), ...instantOn(1), ...instantOn(2)]);
    expect((await importPath(path)).tracks).toEqual([]);
    const trace = await importBytes(bytes);
    const rows = trace.tracks.map((track) => ({
      pid: track.detail.split(" ")[1],
      name: bareName(track),
      sort_index: String(track.sortIndex),
    }));
    expect(anyOrder(rows)).toEqual(anyOrder(expectedRows(test)));
  });
});

if (!hasCorpora) describe.skip("perfetto corpus", () => it(whySkipped, () => undefined));
