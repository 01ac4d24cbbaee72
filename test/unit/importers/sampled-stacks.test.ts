import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findImporter, importerOf, importFile } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { mostSpans } from "../../../traces/model/limits.ts";
import { endSourceOf, sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { checkImport } from "../../fixtures/check-import.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { samples } from "../../fixtures/stacks/make-samples.ts";
import { totalsByName } from "../../fixtures/stack-totals.ts";
import { contextFor, toBytes } from "./import-text.ts";
import { textOf as nameOf } from "../../../traces/model/text-table.ts";

const inflate = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0x1f ? Uint8Array.from(gunzipSync(bytes)) : bytes);
const sampleBytes = new Map(samples.map(({ file, content }) => [file, inflate(toBytes(content))]));
const textOf = (file: string): string => new TextDecoder().decode(sampleBytes.get(file));

async function read(bytes: Uint8Array, importer: string, spanLimit = mostSpans): Promise<Trace> {
  const trace = await importFile(memorySource(bytes), {
    builder: createTraceBuilder({ spanLimit }),
    context: contextFor("profile"),
    importer,
  });
  assertSealed(trace);
  return trace;
}

async function refusal(text: string, importer: string): Promise<string> {
  try {
    await read(toBytes(text), importer);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return `${error.message} @${error.place.byteOffset}`;
  }
  return "it was read";
}

describe("samples of sampled stacks", () => {
  it.each(samples)(
    "$file is as its generator makes it, and as an importer must stand it",
    async ({ file, importer, content }) => {
      const path = join(import.meta.dirname, "../../fixtures/stacks", file);
      if (process.env["UPDATE_SAMPLES"] === "1") writeFileSync(path, content);
      const stored = readFileSync(path);
      // Compression differs between versions of the library.
      expect(Buffer.from(inflate(stored))).toEqual(Buffer.from(inflate(toBytes(content))));
      const bytes = sampleBytes.get(file) ?? new Uint8Array();
      if (importer === "folded-stacks") expect((await findImporter(memorySource(bytes), file)).id).toBe(importer);
      else await checkImport(file, bytes, importer);
    },
  );

  it.each(samples)("$file ends at the limit of spans, and says so", async ({ file, importer }) => {
    const trace = await read(sampleBytes.get(file) ?? new Uint8Array(), importer, 2);
    expect(trace.spans.length).toBe(2);
    expect(trace.meta.ledger.outcome).toBe("partial");
    const lines = [...trace.meta.ledger.dropped, ...trace.meta.ledger.notes];
    expect(lines.find(({ code }) => code === "spanLimit")?.message).toBe("spans beyond the 2 that there is memory for");
  });

  it.each(samples)("$file shows the same program", async ({ file, importer }) => {
    const trace = await read(sampleBytes.get(file) ?? new Uint8Array(), importer);
    const track = trace.tracks.find(({ kind, spanCount }) => kind === "thread" && spanCount > 0);
    if (track === undefined) throw new Error("no thread");
    const totals = totalsByName(trace, track);
    // In ms: main 11, parse 2, solve 8 (of it 4 inside itself), multiply 7.
    const unit = (totals.get("main")?.totalNs ?? 0) / 11;
    expect(
      Object.fromEntries([...totals].map(([name, { totalNs, selfNs }]) => [name, [totalNs / unit, selfNs / unit]])),
    ).toEqual({
      main: [11, 1],
      parse: [2, 2],
      solve: [8, 1],
      multiply: [7, 7],
    });
  });

  it("a profile becomes spans with the place of the code as category", async () => {
    const trace = await read(sampleBytes.get("node.cpuprofile") ?? new Uint8Array(), "cpuprofile");
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process JavaScript
      thread main thread (samples)
        main other @0 +11000000 self 1000000
          parse other @0 +2000000 self 2000000
          solve other @2000000 +8000000 self 1000000
            solve other @3000000 +4000000 self 0
              multiply other @3000000 +4000000 self 4000000
            multiply other @7000000 +3000000 self 3000000"
    `);
    expect(trace.meta.originClockNs).toBe(5_000_500_000n);
    expect(nameOf(trace.strings, trace.categories[trace.spans.category[0]])).toBe("app.js:12");
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 13, metadata: 7, foldedIn: 6, derivedSpans: 6, spans: 0 });
  });

  it("the calendar of pprof and Firefox is kept to the ns", async () => {
    const pprof = await read(sampleBytes.get("cpu.pprof") ?? new Uint8Array(), "pprof");
    expect(pprof.meta.originUnixNs).toBe(1_700_000_000_123_456_789n);
    const gecko = await read(sampleBytes.get("gecko.json") ?? new Uint8Array(), "firefox");
    expect(gecko.meta.originUnixNs).toBe(1_700_000_000_000_750_000n);
    expect(gecko.meta.producer).toBe("Firefox 120.0");
  });

  it("labels of pprof are told of the samples behind a span", async () => {
    const bytes = sampleBytes.get("cpu.pprof") ?? new Uint8Array();
    const trace = await read(bytes, "pprof");
    const reader = await importerOf("pprof").openArguments?.(memorySource(bytes));
    const labels: string[] = [];
    for (
      let span = trace.tracks[1].firstSpan as number;
      span < trace.tracks[1].firstSpan + trace.tracks[1].spanCount;
      span++
    ) {
      const name = nameOf(trace.strings, trace.spans.name[span]);
      const place = { offset: sourceOffsetOf(trace.spans, span), name, endOffset: endSourceOf(trace.spans, span) };
      const told = (await reader?.read(place))?.args.map(([key, value]) => `${key} ${value}`).join("; ");
      labels.push(`${name} @${trace.spans.startNs[span]}: ${told}`);
    }
    expect(labels).toMatchInlineSnapshot(`
      [
        "main @0: samples 5; thread main (3 samples), solve (2 samples); bytes read 64 bytes (1 sample)",
        "parse @0: samples 1; thread main",
        "solve @2000000: samples 3; thread main (2 samples), solve (1 sample); bytes read 64 bytes (1 sample)",
        "solve @3000000: samples 1; thread main; bytes read 64 bytes",
        "multiply @3000000: samples 1; thread main; bytes read 64 bytes",
        "multiply @7000000: samples 1; thread solve",
      ]
    `);
    await expect(reader?.read({ offset: 3, name: "x", endOffset: null })).rejects.toThrow(
      "expected a sample, found something else",
    );
  });

  it("markers of Firefox stand beside the samples of their thread, whatever form they have", async () => {
    const gecko = await read(sampleBytes.get("gecko.json") ?? new Uint8Array(), "firefox");
    expect(dumpTrace(gecko).split("thread GeckoMain (markers)\n")[1]).toMatchInlineSnapshot(`
      "  GCMinor other @500000 +2500000 self 2500000
        Reflow other @1500000 +2000000 self 2000000 lane 1
        Reflow other @8500000 +2500000 self 2500000 open
        ! UserTiming @5500000"
    `);
    expect(nameOf(gecko.strings, gecko.categories[gecko.spans.category[gecko.spans.length - 3]])).toBe("GC / CC");
    const { ledger } = gecko.meta;
    expect([...ledger.dropped, ...ledger.notes].map(({ code, count }) => [code, count])).toEqual([
      ["markerWithoutTime", 1],
      ["openEnded", 1],
      ["overlaps", 1],
      ["spilled", 1],
    ]);
    const processed = await read(sampleBytes.get("processed.json") ?? new Uint8Array(), "firefox");
    expect(dumpTrace(processed).split("thread Worker (markers)\n")[1]).toMatchInlineSnapshot(`
      "  Paint other @1000000 +2000000 self 2000000
        Paint other @5000000 +1250000 self 1250000
        ! mark @4000000"
    `);
  });

  it("the sample type that pprof names as default is shown, the others are in no sum", async () => {
    const trace = await read(sampleBytes.get("space.pprof.gz") ?? new Uint8Array(), "pprof");
    expect(trace.tracks.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "process profile",
      "thread space (bytes)",
      "frame samples (count)",
    ]);
    expect(trace.meta.facts).toContainEqual(["axis", "counts bytes, no time: one is drawn as 1 ns"]);
  });
});

describe("broken profiles are refused with what was expected", () => {
  const cpuprofile = textOf("node.cpuprofile");
  const sampled = textOf("sampled.speedscope.json");
  const evented = textOf("evented.speedscope.json");
  const gecko = textOf("gecko.json");
  const processed = textOf("processed.json");
  const ofV8 = (part: string, wanted: string): string =>
    `expected ${wanted} at "${part}" of a V8 CPU profile, found something else`;

  it.each([
    [
      "cpuprofile",
      cpuprofile.slice(0, 300),
      "expected a V8 CPU profile in whole, found that the file breaks off at byte 300 @300",
    ],
    [
      "cpuprofile",
      cpuprofile.replace('"samples":[', '"samples":[?'),
      /^expected a V8 CPU profile, found text that is no JSON at byte \d+ @\d+$/,
    ],
    ["cpuprofile", "[]", ofV8("the root", "an object")],
    ["cpuprofile", cpuprofile.replace('"samples"', '"simples"'), ofV8("samples", "a list")],
    ["cpuprofile", cpuprofile.replace('"timeDeltas":[500', '"timeDeltas":["500"'), ofV8("timeDeltas[0]", "a number")],
    ["cpuprofile", cpuprofile.replace('"startTime":5000000', '"startTime":null'), ofV8("startTime", "a number")],
    [
      "cpuprofile",
      cpuprofile.replace('"functionName":"main"', '"functionName":7'),
      ofV8("nodes[1].callFrame.functionName", "a text"),
    ],
    ["cpuprofile", cpuprofile.replace('"id":2', '"id":"2"'), ofV8("nodes[1].id", "a number")],
    [
      "speedscope",
      sampled.slice(0, 200),
      "expected a speedscope profile in whole, found that the file breaks off at byte 200",
    ],
    [
      "speedscope",
      sampled.replace('"samples":[[0,1]', '"samples":[[0,9]'),
      'expected a frame below 4 at "profiles[0].samples[0]" of a speedscope profile, found 9',
    ],
    [
      "speedscope",
      sampled.replace('"weights":[2,', '"weights":['),
      'expected 5 weights, one a sample at "profiles[0].weights" of a speedscope profile, found 4',
    ],
    [
      "speedscope",
      sampled.replace('"weights":[2,', '"weights":[-2,'),
      'expected a weight of 0 or more at "profiles[0].weights[0]" of a speedscope profile, found -2',
    ],
    [
      "speedscope",
      sampled.replace('"type":"sampled"', '"type":"guessed"'),
      'expected "evented" or "sampled" at "profiles[0].type" of a speedscope profile, found something else',
    ],
    [
      "speedscope",
      evented.replace('"type":"O","frame":1', '"type":"C","frame":1'),
      'expected the end of frame 0, which opened last at "profiles[0].events[1]" of a speedscope profile, found the end of frame 1',
    ],
    [
      "speedscope",
      evented.replace('"at":0.002', '"at":-1'),
      'expected a time from 0 on at "profiles[0].events[2]" of a speedscope profile, found -1',
    ],
    [
      "speedscope",
      evented.replace('"type":"O"', '"type":"P"'),
      'expected type "O" or "C" at "profiles[0].events[0]" of a speedscope profile, found "P"',
    ],
    ["folded-stacks", "", "expected lines of a stack and a count, as a;b;c 12, found none @0"],
    ["folded-stacks", "# only\n# comments\n", "expected lines of a stack and a count, as a;b;c 12, found none @17"],
    ["folded-stacks", "a;b\nc;d\n", "expected lines of a stack and a count, as a;b;c 12, found none @7"],
    ["firefox", gecko.slice(0, 500), "expected a Firefox profile in whole, found that the file breaks off at byte 500"],
    [
      "firefox",
      gecko.replace('"startTime":1700000000000.25', '"startTime":"now"'),
      'expected a number at "meta.startTime" of a Firefox profile',
    ],
    ["firefox", gecko.replace('"threads":[', '"treads":['), 'expected a list at "threads" of a Firefox profile'],
    [
      "firefox",
      gecko.replace('"schema":{"prefix":0,', '"schema":{'),
      'expected a number at "threads[0].stackTable.schema.prefix" of a Firefox profile',
    ],
    [
      "firefox",
      gecko.replace("[null,0]", "[0,0]"),
      'expected a number below 0 at "threads[0].stackTable.data[0]" of a Firefox profile',
    ],
    [
      "firefox",
      gecko.replace('"data":[[0],', '"data":[[77],'),
      'expected a number below 7 at "threads[0].frameTable.data[0]" of a Firefox profile',
    ],
    [
      "firefox",
      processed.replace('"prefix":[null,', '"prefix":[5,'),
      'expected a number below 0 at "threads[0].stackTable.prefix[0]" of a Firefox profile',
    ],
    [
      "firefox",
      processed.replace('"shared":{"stringArray"', '"shared":{"strings"'),
      'expected a list at "threads[0].stringArray" of a Firefox profile',
    ],
  ] as const)("%#: %s", async (importer, text, message) => {
    const found = await refusal(text, importer);
    if (message instanceof RegExp) expect(found).toMatch(message);
    else expect(found.startsWith(message), found).toBe(true);
  });

  it("pprof keeps what stands before a damaged field when names are there, and refuses it otherwise", async () => {
    const bytes = sampleBytes.get("cpu.pprof") ?? new Uint8Array();
    const cut = await read(bytes.subarray(0, bytes.length - 9), "pprof");
    expect(cut.meta.ledger).toMatchObject({ outcome: "partial" });
    expect(cut.spans.length).toBeGreaterThan(5);
    const messages = new Set<string>();
    for (let length = 13; length < 130; length++) {
      const message = await read(bytes.subarray(0, length), "pprof").then(String, (error: Error) => error.message);
      messages.add(message.replaceAll(/\d+/g, "#"));
    }
    expect([...messages].sort()).toEqual([
      "expected a pprof profile in whole: expected field # to end with its message at byte #, found a length of # bytes",
      "expected a pprof profile in whole: expected the length of field #, found the end of its message",
      "expected the strings of the pprof profile before byte #, found none: the file was cut",
    ]);
    await expect(read(Uint8Array.from([0x32, 0, 0x32, 1, 0x61]), "pprof")).rejects.toThrow(
      "expected sample types in the pprof profile, found none",
    );
    const longVarint = Uint8Array.from([0x0a, 4, 8, 1, 16, 2, 0x48, ...Array.from({ length: 11 }, () => 0xff)]);
    await expect(read(longVarint, "pprof")).rejects.toThrow("found a varint of more than 10 bytes");
    const longString = Uint8Array.from([0x0a, 4, 8, 1, 16, 2, 0x32, 0xff, 0xff, 0xff, 0xff, 7]);
    await expect(read(longString, "pprof")).rejects.toThrow("found a length of 2147483647 bytes");
    await expect(read(new Uint8Array(), "pprof")).rejects.toThrow(
      "expected sample types in the pprof profile, found none",
    );
  });

  it.each(samples)(
    "$file with any byte changed: never a hang, a crash or a ledger that does not close",
    async ({ file, importer }) => {
      const bytes = sampleBytes.get(file) ?? new Uint8Array();
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
          const damaged = Uint8Array.from(bytes);
          damaged[at] = value;
          try {
            await read(damaged, importer);
          } catch (error) {
            expect(error).toBeInstanceOf(TraceFormatError);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe("oddities of real profiles", () => {
  const profile = (over: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ ...(JSON.parse(textOf("node.cpuprofile")) as object), ...over });

  it("samples years apart are left out, and the ledger closes all the same", async () => {
    const trace = await read(toBytes(profile({ timeDeltas: [500, 2000, 1e18, 4000, 3000, 1000] })), "cpuprofile");
    expect(trace.meta.ledger.notes.map(({ code }) => code)).toContain("outOfRange");
    expect(trace.spans.length).toBeGreaterThan(0);
  });

  it("negative deltas are sorted and counted", async () => {
    const trace = await read(toBytes(profile({ timeDeltas: [500, 2000, -1500, 4000, 3000, 1000] })), "cpuprofile");
    expect(trace.meta.ledger.notes.map(({ code, count }) => [code, count])).toEqual([["samplesReordered", 1]]);
  });

  it("samples of unknown nodes or without a time are counted", async () => {
    const trace = await read(toBytes(profile({ samples: [3, 99, 4, 4, 4, 4, 4, 4] })), "cpuprofile");
    expect(trace.meta.ledger.dropped.map(({ code, count }) => [code, count])).toEqual([
      ["unknownNode", 1],
      ["sampleWithoutTime", 2],
    ]);
  });

  it("parents in a circle end", async () => {
    const circle = JSON.stringify({
      nodes: [1, 2].map((id) => ({ id, callFrame: { functionName: `f${id}` }, parent: 3 - id })),
      samples: [1, 1],
      timeDeltas: [0, 5],
      startTime: 0,
    });
    const trace = await read(toBytes(circle), "cpuprofile");
    expect(trace.meta.ledger.notes.map(({ code }) => code)).toEqual(["deepStacks"]);
  });

  it("counts behind the last space, names with spaces and brackets", async () => {
    const trace = await read(toBytes("main thread;f(int, char const*) [lib.so] 3\nmain thread 2.5\n"), "folded-stacks");
    expect(dumpTrace(trace)).toContain("f(int, char const*) [lib.so] other @0 +3");
    expect(trace.meta.ledger.notes.map(({ code }) => code)).toEqual(["rounded"]);
  });

  it("functions without a name, of states and inlined", async () => {
    const trace = await read(toBytes("(idle);x 1\n;y 2\n"), "folded-stacks");
    expect(dumpTrace(trace)).toContain("(anonymous) other");
  });
});
