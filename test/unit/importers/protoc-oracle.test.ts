import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importFile } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { flagsOf, durationOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";
import {
  decodeWithProtoc,
  hasProtoc,
  messagesOf,
  type Printed,
  scalarOf,
  whyWithoutProtoc,
} from "../../fixtures/protobuf/protoc.ts";
import { samplesFolder } from "../../fixtures/protobuf/write-samples.ts";
import { corporaRoot, hasCorpora } from "../../integration/corpora/corpora.ts";
import { contextFor } from "./import-text.ts";
import { textOf } from "../../../traces/model/text-table.ts";

/** Committed samples, and the corpora where they lie beside the repository. */
function filesOf(ending: RegExp, format: string): [name: string, path: string][] {
  const corpus = join(corporaRoot, "files", format);
  return [samplesFolder, ...(hasCorpora ? [corpus] : [])].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => ending.test(name))
      .map((name): [string, string] => [name, join(folder, name)]),
  );
}

async function importPath(path: string): Promise<Trace> {
  const bytes = new Uint8Array(readFileSync(path));
  return await importFile(memorySource(bytes), { builder: createTraceBuilder(), context: contextFor("x") });
}

/** Closed spans as text: owner, name, start and duration on the clock of the file. */
function spansOf(trace: Trace, ownerOf: (track: Trace["tracks"][number]) => string): string[] {
  const lines: string[] = [];
  for (const track of trace.tracks)
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if ((flagsOf(trace.spans, span) & SpanFlag.openEnded) !== 0) continue;
      const start = BigInt(trace.spans.startNs[span]) + trace.meta.originClockNs;
      lines.push(
        `${ownerOf(track)} ${textOf(trace.strings, trace.spans.name[span])} ${start} ${durationOf(trace.spans, span)}`,
      );
    }
  return lines.toSorted();
}

/** Picoseconds to ns, half to even. */
function toNs(picos: bigint): bigint {
  const rest = ((picos % 1000n) + 1000n) % 1000n;
  const whole = (picos - rest) / 1000n;
  return rest > 500n || (rest === 500n && whole % 2n !== 0n) ? whole + 1n : whole;
}

function xspaceSpans(space: Printed): string[] {
  const lines: string[] = [];
  for (const plane of messagesOf(space, "planes")) {
    const kinds = new Map(
      messagesOf(plane, "event_metadata").map((entry) => [
        scalarOf(entry, "key") ?? "0",
        messagesOf(entry, "value").at(-1),
      ]),
    );
    for (const line of messagesOf(plane, "lines")) {
      if (scalarOf(line, "name") === "_counters_") continue;
      const base = BigInt(scalarOf(line, "timestamp_ns") ?? 0) * 1000n;
      for (const event of messagesOf(line, "events")) {
        if (scalarOf(event, "num_occurrences") !== null) continue;
        const id = scalarOf(event, "metadata_id") ?? "0";
        const kind = kinds.get(id);
        const name = (scalarOf(kind, "display_name") || scalarOf(kind, "name")) ?? "";
        const start = base + BigInt(scalarOf(event, "offset_ps") ?? 0);
        const end = start + BigInt(scalarOf(event, "duration_ps") ?? 0);
        const owner = `${scalarOf(plane, "name")} line ${scalarOf(line, "id") ?? "0"}`;
        lines.push(`${owner} ${name === "" ? `event ${id}` : name} ${toNs(start)} ${toNs(end) - toNs(start)}`);
      }
    }
  }
  return lines.toSorted();
}

interface SliceEvent {
  readonly timeNs: bigint;
  readonly isBegin: boolean;
  readonly name: string;
}

interface SequenceState {
  readonly names: Map<string, string>;
  track: string;
  readonly isValid: boolean;
}

/** State of a sequence after a packet; null when the packet needs what was lost. */
function updateState(state: SequenceState | undefined, packet: Printed): SequenceState | null {
  const flags = Number(scalarOf(packet, "sequence_flags") ?? 0);
  const clears = (flags & 1) !== 0 || scalarOf(packet, "incremental_state_cleared") === "true";
  const next =
    state === undefined || clears ? { names: new Map<string, string>(), track: "0", isValid: clears } : state;
  if ((flags & 2) !== 0 && !next.isValid) return null;
  for (const interned of messagesOf(packet, "interned_data"))
    for (const entry of messagesOf(interned, "event_names"))
      next.names.set(scalarOf(entry, "iid") ?? "0", scalarOf(entry, "name") ?? "");
  for (const defaults of messagesOf(packet, "trace_packet_defaults"))
    next.track = scalarOf(messagesOf(defaults, "track_event_defaults").at(-1), "track_uuid") ?? next.track;
  return next;
}

/** Begin and end events by track. */
function listSliceEvents(trace: Printed): Map<string, SliceEvent[]> {
  const states = new Map<string, SequenceState>();
  const events = new Map<string, SliceEvent[]>();
  for (const packet of messagesOf(trace, "packet")) {
    const id = scalarOf(packet, "trusted_packet_sequence_id") ?? "0";
    const state = updateState(states.get(id), packet);
    if (state === null) continue;
    states.set(id, state);
    addKernelPrints(packet, events);
    const event = messagesOf(packet, "track_event").at(-1);
    const type = scalarOf(event, "type");
    if (event === undefined || (type !== "1" && type !== "2")) continue;
    const uuid = scalarOf(event, "track_uuid") ?? state.track;
    const name = scalarOf(event, "name") ?? state.names.get(scalarOf(event, "name_iid") ?? "") ?? "";
    const list = events.get(uuid) ?? [];
    events.set(uuid, list);
    list.push({ timeNs: BigInt(scalarOf(packet, "timestamp") ?? 0), isBegin: type === "1", name });
  }
  return events;
}

/** What programs write through the kernel: "B|PID|NAME", "E|PID", "S|PID|NAME|COOKIE", "F|PID|NAME|COOKIE". */
function addKernelPrints(packet: Printed, events: Map<string, SliceEvent[]>): void {
  for (const bundle of messagesOf(packet, "ftrace_events"))
    for (const event of messagesOf(bundle, "event")) {
      const text = (scalarOf(messagesOf(event, "print").at(-1), "buf") ?? "").replace(/\\?n$|\n$/, "");
      const [phase = "", pid = "", name = "", cookie = ""] = text.split("|");
      if (!["B", "E", "S", "F"].includes(phase)) continue;
      const isAsync = phase === "S" || phase === "F";
      const key = isAsync ? `async ${pid} ${name} ${cookie}` : `kernel ${scalarOf(event, "pid")}`;
      const timeNs = BigInt(scalarOf(event, "timestamp") ?? 0);
      const list = events.get(key) ?? [];
      events.set(key, [...list, { timeNs, isBegin: phase === "B" || phase === "S", name }]);
    }
}

/** Slices of begin and end events, paired per track in order of time; those that stay open are left out. */
function perfettoSlices(trace: Printed): string[] {
  const slices: string[] = [];
  for (const list of listSliceEvents(trace).values()) {
    const open: SliceEvent[] = [];
    for (const event of list.toSorted((a, b) => Number(a.timeNs - b.timeNs))) {
      if (event.isBegin) open.push(event);
      else {
        const begun = open.pop();
        if (begun !== undefined) slices.push(`${begun.name} ${begun.timeNs} ${event.timeNs - begun.timeNs}`);
      }
    }
  }
  return slices.toSorted();
}

describe.skipIf(!hasProtoc)("protoc reads the same", () => {
  it.each(filesOf(/^(?!.*CORRUPT).*\.pb$/, "xplane"))("spans in %s", { timeout: 120_000 }, async (_name, path) => {
    const trace = await importPath(path);
    const expected = xspaceSpans(decodeWithProtoc(readFileSync(path), "xspace.proto", "oracle.XSpace"));
    expect(expected.length).toBeGreaterThan(0);
    const found = spansOf(
      trace,
      (track) => `${track.parent === null ? "" : trace.tracks[track.parent].detail.split(" · ")[0]} ${track.detail}`,
    );
    expect(found).toEqual(expected);
  });

  // Parser tests of the corpus use the old form of events, clocks and states, which this oracle leaves to the expected rows.
  it.each(filesOf(/^(?!tp_|gpu-).*(?:pftrace|perfetto-trace)$/, "perfetto"))(
    "slices in %s",
    { timeout: 60_000 },
    async (_name, path) => {
      const trace = await importPath(path);
      const expected = perfettoSlices(decodeWithProtoc(readFileSync(path), "perfetto.proto", "oracle.Trace"));
      const states = new Set(trace.tracks.filter((track) => track.name === "Phase").map((track) => track.id));
      const found = spansOf(trace, (track) => (states.has(track.id) ? "state" : ""));
      expect(found.filter((line) => !line.startsWith("state")).map((line) => line.trim())).toEqual(expected);
    },
  );
});

if (!hasProtoc) describe.skip("protoc reads the same", () => it(whyWithoutProtoc, () => undefined));
