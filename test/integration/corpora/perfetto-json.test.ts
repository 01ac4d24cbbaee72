import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { importerOf } from "../../../traces/importers/import-file.ts";
import {
  categoryOf,
  durationOf,
  flagsOf,
  noCategory,
  sourceOffsetOf,
  SpanFlag,
  type Trace,
  type Track,
} from "../../../traces/model/trace.ts";
import { importContent } from "../../unit/importers/import-text.ts";
import { corpusPath, droppedCount, hasCorpora, importPath, noteCount, skipNote } from "./corpora.ts";
import { expectedRows, type Row } from "./perfetto-rows.ts";
import { textOf } from "../../../traces/model/text-table.ts";

interface Slice {
  readonly track: Track;
  readonly name: string;
  readonly category: string;
  readonly ts: string;
  /** "-1" while open, as Perfetto writes it. */
  readonly dur: string;
  readonly args: ReadonlyMap<string, string>;
}

const pathOf = (test: string): string => corpusPath("chrome", `${test}.json`);

/** Spans and instants with their arguments, on the clock of the file. */
async function slicesOf(test: string, trace: Trace): Promise<Slice[]> {
  const source = await openByteSource(pathOf(test));
  const reader = await importerOf(trace.meta.format).openArguments?.(source);
  const { spans, instants, strings, meta } = trace;
  const slices: Slice[] = [];
  const add = async (track: Track, name: number, category: number, startNs: number, dur: string, offset: number) =>
    slices.push({
      track,
      name: textOf(strings, name),
      category: category === noCategory ? "" : textOf(strings, trace.categories[category]),
      ts: String(meta.originClockNs + BigInt(startNs)),
      dur,
      args: new Map((await reader?.read({ offset, endOffset: null, name: textOf(strings, name) }))?.args),
    });
  for (const track of trace.tracks) {
    for (let i: number = track.firstSpan; i < track.firstSpan + track.spanCount; i++) {
      const dur = (flagsOf(spans, i) & SpanFlag.openEnded) !== 0 ? "-1" : String(durationOf(spans, i));
      await add(track, spans.name[i], categoryOf(spans, i), spans.startNs[i], dur, sourceOffsetOf(spans, i));
    }
    for (let i = track.firstInstant; i < track.firstInstant + track.instantCount; i++)
      await add(track, instants.name[i], instants.category[i], instants.timeNs[i], "0", sourceOffsetOf(instants, i));
  }
  source.close();
  return slices;
}

const pick = (row: Row, keys: readonly string[]): Row =>
  Object.fromEntries(keys.map((key) => [key, row[key] ?? "[NULL]"]));
const isAbsent = (text: string | undefined): boolean => text === undefined || text === "[NULL]";

const inOrder = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

async function load(name: string): Promise<{ trace: Trace; slices: Slice[]; rows: Row[] }> {
  const test = `perfettotest_${name}`;
  const trace = await importPath(pathOf(test));
  return { trace, slices: await slicesOf(test, trace), rows: expectedRows(test) };
}

describe.skipIf(!hasCorpora)(`JSON files of Perfetto's tests${skipNote}`, () => {
  it("keeps arguments in their order", async () => {
    const { slices, rows } = await load("args_ordered");
    // The id that pairs begin and end stands behind the arguments of the event.
    const found = slices.flatMap(({ name, args }) =>
      [...args].filter(([key]) => key !== "id").map(([key, value]) => ({ name, key: `args.${key}`, int_value: value })),
    );
    expect(found).toEqual(rows);
  });

  it("shows every form of slice and instant with its arguments", async () => {
    const { slices, rows } = await load("json_all_slice_types");
    expect(rows.length).toBe(8);
    for (const { ts, dur, name, key = "", ...values } of rows) {
      const slice = slices.find((each) => each.name === name);
      // Perfetto leaves a begin open whose end has another name; here that end closes it, with a note.
      expect([name, slice?.ts, slice?.dur]).toEqual([name, ts, name === "BeginEvent" ? "100000" : dur]);
      if (isAbsent(key)) continue;
      const value = isAbsent(values["string_value"]) ? values["int_value"] : values["string_value"];
      const found = slice?.args.get(key.replace("args.", ""));
      expect(found === "true" ? "1" : found).toBe(value);
    }
  });

  it("reads the counter values that Perfetto reads", async () => {
    const { trace, rows } = await load("json_counter_args");
    const found = trace.tracks
      .filter(({ kind }) => kind === "counter")
      .map((track) => ({
        pid: track.parent === null ? "" : trace.tracks[track.parent].detail.replace("pid ", ""),
        name: track.name,
        value: trace.counters.value[track.firstSample].toFixed(6),
      }));
    expect(inOrder(found)).toEqual(inOrder(rows.map((row) => pick(row, ["pid", "name", "value"]))));
    expect(noteCount(trace, "counterValues")).toBe(5);
  });

  it("draws no arrow where there is none", async () => {
    const { trace, rows } = await load("json_flow");
    expect(rows.map((row) => pick(row, ["fin", "fout"]))).toEqual([{ fin: "0", fout: "0" }]);
    expect(trace.flows.length).toBe(0);
  });

  it.each(["json_id2_global_int_id", "json_id2_local_int_id"])("pairs by number: %s", async (name) => {
    const { slices, rows } = await load(name);
    const found = slices.map((slice) => ({ name: slice.name, ts: slice.ts, dur: slice.dur }));
    expect(found).toEqual(rows.map((row) => pick(row, ["name", "ts", "dur"])));
    expect(slices[0]?.track.kind).toBe("async");
  });

  it("keeps what stands before the end of a cut file", async () => {
    const { trace, slices, rows } = await load("json_incomplete");
    expect(slices.map(({ ts }) => ({ ts }))).toEqual(rows);
    expect(noteCount(trace, "repairs")).toBe(1);
  });

  it("applies names of processes whatever their time", async () => {
    const test = "perfettotest_json_metadata_missing_or_invalid_ts";
    const events = JSON.parse(readFileSync(pathOf(test), "utf8")) as object[];
    // Processes without an event have no track.
    const shown = [100, 101, 102].map((pid) => ({ ph: "X", name: "x", pid, tid: 1, ts: 1, dur: 1 }));
    const { tracks } = await importContent(JSON.stringify([...events, ...shown]));
    const found = tracks
      .filter(({ kind }) => kind === "process")
      .map(({ name, detail }) => ({ pid: detail.replace("pid ", ""), name: name.replace(/ \d+$/, "") }));
    expect(found).toEqual(expectedRows(test));
  });

  it("orders processes and threads by their hints", async () => {
    const test = "perfettotest_json_sort_index_hints";
    const events = JSON.parse(readFileSync(pathOf(test), "utf8")) as object[];
    const { tracks } = await importContent(
      JSON.stringify([...events, { ph: "X", name: "x", pid: 40, tid: 40, ts: 1, dur: 1 }]),
    );
    const indexOf = (detail: string): string => String(tracks.find((track) => track.detail === detail)?.sortIndex);
    for (const { pid, tid, process_hint: process = "", thread_hint: thread = "" } of expectedRows(test)) {
      if (!isAbsent(process)) expect([pid, indexOf(`pid ${pid}`)]).toEqual([pid, process]);
      if (!isAbsent(thread)) expect([tid, indexOf(`tid ${tid}`)]).toEqual([tid, thread]);
    }
  });

  it("shows the states of threads", async () => {
    const { trace, slices, rows } = await load("json_thread_state");
    const found = slices.map(({ name, ts, dur, args, track }) => ({
      ts,
      dur,
      state: name,
      io_wait: args.get("io_wait") ?? "[NULL]",
      blocked_function: args.get("blocked_function") ?? "[NULL]",
      tid: track.detail.replace("states of tid ", ""),
      pid: track.parent === null ? "" : trace.tracks[track.parent].detail.replace("pid ", ""),
    }));
    expect(found).toEqual(rows);
    expect(trace.meta.ledger).toMatchObject({ spans: 5, dropped: [] });
  });

  it("tells what DevTools says of the recording", async () => {
    const { trace, rows } = await load("json_trace_metadata");
    const labels: Readonly<Record<string, string>> = {
      cpuThrottling: "CPU throttling",
      hardwareConcurrency: "processors",
      networkThrottling: "network throttling",
      startTime: "recorded",
    };
    const facts = new Map([...trace.meta.facts, ["source", trace.meta.producer ?? ""]]);
    expect(rows.length).toBe(5);
    for (const { name = "", int_value: whole = "", str_value: text = "" } of rows) {
      const key = name.replace("json_metadata.", "");
      const value = facts.get(labels[key] ?? key);
      expect([key, value?.replace("Chrome DevTools", "DevTools")]).toEqual([key, isAbsent(text) ? whole : text]);
    }
  });

  it("points at the span that ends behind the one it starts in", async () => {
    const { trace, slices, rows } = await load("overlapping_complete_event_import_log");
    const said = new Map(rows.map(({ key = "", display_value: value = "" }) => [key, value]));
    const note = trace.meta.ledger.notes.find(({ code }) => code === "overlaps");
    expect(note?.count).toBe(1);
    const text = readFileSync(pathOf("perfettotest_overlapping_complete_event_import_log"), "utf8");
    const at = note?.firstBytes[0] ?? 0;
    const event = JSON.parse(text.slice(at, text.indexOf("}", at) + 1)) as { name: string; ph: string };
    expect([event.name, event.ph]).toEqual([said.get("event_name"), said.get("event_phase")]);
    const outer = slices.find(({ name }) => name === said.get("conflicting_slice_name"));
    expect([outer?.ts, outer?.dur]).toEqual([said.get("conflicting_slice_ts"), said.get("conflicting_slice_dur")]);
    const inner = slices.find(({ name }) => name === event.name);
    const outerEnd = Number(outer?.ts) + Number(outer?.dur);
    expect([inner?.ts, String(outerEnd)]).toEqual([said.get("overlap_start"), said.get("overlap_end")]);
  });

  it("takes texts for processes, threads and phases", async () => {
    const { trace, slices, rows } = await load("string_pid_tid");
    const found = slices.map(({ track, name, ts, dur }) => ({
      ts,
      dur,
      name,
      process_name: track.parent === null ? "" : trace.tracks[track.parent].name,
      thread_name: track.name,
    }));
    expect(found).toEqual(rows);
  });

  it("drops times with letters behind their digits", async () => {
    const { trace, slices, rows } = await load("string_ts_trailing_chars");
    expect(slices).toEqual(rows);
    expect(droppedCount(trace, "badTime")).toBe(2);
  });

  it("is not troubled by an empty event at the end", async () => {
    const { trace, slices, rows } = await load("trailing_empty_event");
    expect([
      { tokenizer_failures: String(trace.meta.ledger.dropped.length), slice_count: String(slices.length) },
    ]).toEqual(rows);
  });
});
