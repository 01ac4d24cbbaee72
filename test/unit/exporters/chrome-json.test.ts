import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExportContext } from "../../../traces/exporters/exporter.ts";
import { chromeJson } from "../../../traces/exporters/formats/chrome-json.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import {
  flagsOf,
  categoryOf as categoryIndexOf,
  noCategory,
  sourceOffsetOf,
  type Trace,
} from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { contextFor, importContent } from "../importers/import-text.ts";
import { randomTrace } from "../query/random-trace.ts";
import { exportBytes, someArguments } from "./export-bytes.ts";
import { textOf as nameOf } from "../../../traces/model/text-table.ts";

const samples = join(import.meta.dirname, "../../../traces/samples");
const sampleFiles = readdirSync(samples).filter((file) => /\.json(\.gz)?$/.test(file) && file !== "samples.json");

/** Everything but what names the file: its ledger, its name and format, the places of events. */
function contents(trace: Trace): unknown {
  const { originClockNs, originUnixNs, durationNs, facts, formatLabel, producer } = trace.meta;
  return {
    meta: { originClockNs, originUnixNs, durationNs, facts, formatLabel, producer },
    tracks: trace.tracks,
    dump: dumpTrace(trace),
    categories: Array.from({ length: trace.spans.length }, (_, span) =>
      categoryOf(trace, categoryIndexOf(trace.spans, span)),
    ),
    flags: Array.from({ length: trace.spans.length }, (_, span) => flagsOf(trace.spans, span)),
    instants: Array.from({ length: trace.instants.length }, (_, i) => [
      categoryOf(trace, trace.instants.category[i]),
      trace.instants.scope[i],
    ]),
  };
}

function categoryOf({ strings, categories }: Trace, category: number): string | null {
  return category === noCategory ? null : nameOf(strings, categories[category]);
}

async function reimport(bytes: Uint8Array, importer?: string): Promise<Trace> {
  const trace = await importFile(memorySource(bytes, 997), {
    builder: createTraceBuilder(),
    context: contextFor("again.json"),
    ...(importer !== undefined && { importer }),
  });
  assertSealed(trace);
  return trace;
}

async function refusal(text: string): Promise<string> {
  try {
    await reimport(new TextEncoder().encode(text), "deltaflame-json");
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return `${error.message} @${error.place.byteOffset}`;
  }
  return "it was read";
}

const drawing = traceFromText(
  `
  main | step---------  step--
       |   fwd--  bwd   fwd
  s7   |     gemm   gemm
`,
  { step: SpanKind.step, gemm: SpanKind.kernel },
);

const textOf = async (trace: Trace, over: Partial<ExportContext> = {}): Promise<string> =>
  new TextDecoder().decode(await exportBytes(chromeJson, trace, over));

describe("a Chrome trace that is exported and opened again", () => {
  it.each(sampleFiles)("is the sample %s, to the nanosecond", async (file) => {
    const stored = readFileSync(join(samples, file));
    const trace = await importContent(file.endsWith(".gz") ? gunzipSync(stored) : stored);
    const again = await reimport(await exportBytes(chromeJson, trace));
    expect(contents(again)).toEqual(contents(trace));
    expect(again.meta.format).toBe("deltaflame-json");
    expect(again.meta.ledger.outcome).toBe("ok");
  });

  it("is the same with every oddity: lanes, open ends, arrows between equal times, hostile names", async () => {
    await fc.assert(
      fc.asyncProperty(randomTrace, async (trace) => {
        expect(contents(await reimport(await exportBytes(chromeJson, trace)))).toEqual(contents(trace));
      }),
      { numRuns: 100 },
    );
  });

  it.each([0n, 1_712_195_495_406_752_797n, -5_250n, -1n, 2n ** 80n])(
    "keeps a clock of %s ns",
    async (originClockNs) => {
      const trace: Trace = { ...drawing, meta: { ...drawing.meta, originClockNs, originUnixNs: originClockNs + 7n } };
      const again = await reimport(await exportBytes(chromeJson, trace));
      expect(contents(again)).toEqual(contents(trace));
    },
  );

  it("keeps counter values that JSON cannot write, scopes of instants and all arguments", async () => {
    const builder = createTraceBuilder();
    const process = builder.addTrack({ kind: "process", name: "p", detail: "pid 9" });
    const counter = builder.addTrack({ kind: "counter", name: "c", parent: process });
    const values = [1.5, Number.NaN, -Infinity, 0.1 + 0.2, 5e-324];
    for (const [time, value] of values.entries()) {
      builder.ledger.read();
      builder.ledger.counterEvent();
      builder.addSample(counter, time, value);
    }
    for (const scope of [0, 1, 2] as const) {
      builder.ledger.read();
      builder.addInstant(process, scope, builder.intern("mark"), builder.category("x"), scope, 0);
    }
    const trace = builder.seal({ name: "n", format: "f", formatLabel: "F", facts: [["a", "b"]] });
    const bytes = await exportBytes(chromeJson, trace, { argumentReader: someArguments });
    const again = await reimport(bytes);
    expect(contents(again)).toEqual(contents(trace));
    const { args } = await readEventArguments(memorySource(bytes), sourceOffsetOf(again.instants, 1), {
      argsOnly: true,
    });
    expect(args).toEqual([["instant", "number 1"]]);
  });
});

describe("other programs", () => {
  it("find plain Chrome events", async () => {
    const parsed = JSON.parse(await textOf(drawing, { argumentReader: someArguments })) as {
      readonly traceEvents: readonly Readonly<Record<string, unknown>>[];
    };
    expect(parsed.traceEvents.filter(({ ph }) => ph === "M").map(({ name, args }) => [name, args])).toContainEqual([
      "thread_name",
      { name: "s7" },
    ]);
    expect(parsed.traceEvents.find(({ name }) => name === "gemm")).toMatchObject({
      ph: "X",
      pid: 1,
      ts: 4,
      dur: 4,
      cat: "drawing",
      args: { span: 5, nested: { a: [1, "ü"] } },
    });
  });

  it("see the same spans when they read it as a Chrome trace", async () => {
    const again = await reimport(await exportBytes(chromeJson, drawing), "chrome-json");
    expect(again.spans.length).toBe(drawing.spans.length);
    expect(Array.from(again.spans.startNs as Float64Array)).toEqual(Array.from(drawing.spans.startNs as Float64Array));
  });
});

describe("home folders", () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "/home/ada/run" });
  for (const name of ["/home/ada/x.py:3 f", "C:\\Users\\Ada Byron\\x.py", "https://host/home/ada", "(/Users/ada/a)"]) {
    builder.ledger.read();
    builder.addSpan(track, 0, 1, builder.intern(name), SpanKind.op, noCategory, 0);
  }
  const trace = builder.seal({ name: "n", format: "f", formatLabel: "F", facts: [["folder", "/Users/ada"]] });
  const argumentReader = {
    ofSpan: () => Promise.resolve([["path", '"\\/home\\/ada\\/w"'] as const, ["source_stack", '"secret"'] as const]),
    ofInstant: () => Promise.resolve([]),
  };

  it("become ~ in names, facts and arguments", async () => {
    const text = await textOf(trace, { argumentReader });
    expect(text).not.toMatch(/\/home\/ada\/|Users\/ada|Users\\\\Ada|secret/);
    expect(text).toContain('"name":"~/x.py:3 f"');
    expect(text).toContain('"path":"~/w"');
    expect(text).toContain('"name":"https://host/home/ada"');
  });

  it("stay when the user says so", async () => {
    expect(await textOf(trace, { keepHomeFolders: true })).toContain('"name":"/home/ada/x.py:3 f"');
  });
});

describe("a saved trace that was changed", () => {
  it("is refused when it is of a newer version, with both versions", async () => {
    const text = (await textOf(drawing)).replace('"version":1', '"version":3');
    expect(await refusal(text)).toBe(
      "expected a trace saved in version 1 or older, found version 3: a newer Deltaflame wrote it; it can be opened as a Chrome trace @0",
    );
  });

  it.each([
    [
      "a header over several lines",
      (text: string) => text.replace('"deltaflame":{', '"deltaflame":{\n'),
      "expected the header of a saved trace in one line, found another text @0",
    ],
    [
      "no list of tracks",
      (text: string) => text.replace('"tracks":[', '"trucks":['),
      'expected a list at "tracks" of the header, found something else @0',
    ],
    [
      "an unknown kind of track",
      (text: string) => text.replace('"kind":"process"', '"kind":"planet"'),
      'expected a track at "tracks[0]" of the header, found something else @0',
    ],
    [
      "a parent that is no track",
      (text: string) => text.replace('"parent":0', '"parent":9'),
      'expected a track at "tracks[1]" of the header, found something else @0',
    ],
    [
      "a clock that is no number",
      (text: string) => text.replace('"originClockNs":"0"', '"originClockNs":"x"'),
      'expected a whole number at "originClockNs" of the header @0',
    ],
    [
      "no producer",
      (text: string) => text.replace('"producer":null', '"producer":7'),
      'expected a text at "producer" of the header, found something else @0',
    ],
  ])("is refused with %s", async (_what, edit, message) => {
    expect(await refusal(edit(await textOf(drawing)))).toBe(message);
  });

  it("keeps what is whole when it was cut, and tells where", async () => {
    const text = await textOf(drawing);
    const cut = text.slice(0, text.indexOf('"gemm"') + 3);
    const again = await reimport(new TextEncoder().encode(cut));
    expect(again.spans.length).toBe(5);
    expect(again.meta.ledger).toMatchObject({ outcome: "partial", truncatedAtByte: cut.lastIndexOf("\n") + 1 });
  });

  it("counts lines that are no events", async () => {
    const text = (await textOf(drawing)).replace('{"ph":"X"', '{"ph":"Y"').replace('"tid":2,"ts"', '"tid":99,"ts"');
    const again = await reimport(new TextEncoder().encode(text));
    expect(again.meta.ledger.dropped.map(({ code, count }) => [code, count])).toEqual([["malformedEvent", 2]]);
  });

  it("never hangs nor loses an event without a word, whatever byte is changed", async () => {
    const bytes = await exportBytes(chromeJson, drawing);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = value;
        try {
          await reimport(damaged, "deltaflame-json");
        } catch (error) {
          expect(error).toBeInstanceOf(TraceFormatError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
