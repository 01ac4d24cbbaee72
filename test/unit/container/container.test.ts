import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerVersion, footerBytes, headerBytes } from "../../../traces/container/layout.ts";
import { deltaflame } from "../../../traces/exporters/formats/deltaflame.ts";
import { findImporter, importFile } from "../../../traces/importers/import-file.ts";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { xxHash32 } from "../../../traces/io/xxhash32.ts";
import { linkOf, type LinkTable } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { textsOf, type TextTable } from "../../../traces/model/text-table.ts";
import { noCategory, sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { exportBytes, someArguments } from "../exporters/export-bytes.ts";
import { contextFor, importContent } from "../importers/import-text.ts";
import { randomTrace } from "../query/random-trace.ts";

const samples = join(import.meta.dirname, "../../../traces/samples");
const sampleFiles = readdirSync(samples).filter((file) => /\.json(\.gz)?$/.test(file) && file !== "samples.json");

const drawing = traceFromText(`
  main | step---------  step--
       |   fwd--  bwd   fwd
  s7   |     gemm   gemm
`);

function withoutSources(trace: Trace): unknown {
  const { sourceLow: _low, sourceHigh: _high, endSources: _ends, ...spans } = trace.spans;
  const { sourceLow: _instantLow, sourceHigh: _instantHigh, ...instants } = trace.instants;
  const { name: _name, format: _format, facts: _facts, ...meta } = trace.meta;
  return { ...trace, meta, spans, instants };
}

async function reopen(bytes: Uint8Array, chunkBytes?: number): Promise<Trace> {
  const trace = await importFile(memorySource(bytes, chunkBytes), {
    builder: createTraceBuilder(),
    context: contextFor("again.dflame"),
  });
  assertSealed(trace);
  return trace;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await reopen(bytes);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return `${error.message} @${error.place.byteOffset}`;
  }
  return "it was read";
}

/** The container with an edited directory, and the checksum of that. */
function signAgain(bytes: Uint8Array, edit: (directory: string) => string): Uint8Array {
  const footerAt = bytes.length - footerBytes;
  const footer = Uint8Array.from(bytes.subarray(footerAt));
  const view = new DataView(footer.buffer);
  const at = view.getFloat64(8, true);
  const directory = Buffer.from(edit(Buffer.from(bytes.subarray(at, footerAt)).toString()));
  view.setUint32(16, directory.length, true);
  view.setUint32(20, xxHash32(directory), true);
  view.setFloat64(24, at + directory.length + footerBytes, true);
  return Buffer.concat([bytes.subarray(0, at), directory, footer]);
}

describe("a Deltaflame container", () => {
  it.each(sampleFiles)("brings back every column of the sample %s", async (file) => {
    const stored = readFileSync(join(samples, file));
    const trace = await importContent(file.endsWith(".gz") ? gunzipSync(stored) : stored);
    const again = await reopen(await exportBytes(deltaflame, trace));
    expect(withoutSources(again)).toEqual(withoutSources(trace));
    expect(again.meta).toMatchObject({ name: "again.dflame", format: "deltaflame" });
    expect(again.meta.facts.at(-1)).toEqual(["saved by", "Deltaflame test"]);
  });

  it("brings back traces with every oddity", async () => {
    await fc.assert(
      fc.asyncProperty(randomTrace, async (trace) => {
        const bytes = await exportBytes(deltaflame, trace);
        expect(dumpTrace(await reopen(bytes))).toBe(dumpTrace(trace));
      }),
      { numRuns: 60 },
    );
  });

  it("brings back kernels without a time axis, and says that older readers do not know them", async () => {
    const path = join(import.meta.dirname, "../../fixtures/ncu/two-kernels.ncu-rep");
    const trace = await importContent(readFileSync(path));
    const bytes = await exportBytes(deltaflame, trace);
    expect((await reopen(bytes)).launches).toEqual(trace.launches);
    expect(trace.launches?.launches).toHaveLength(2);
    expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true)).toBe(containerVersion);
  });

  it("packs the column of correlation ids that versions up to 3 wrote", async () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "main" });
    const name = builder.intern("a");
    for (let i = 0; i < 100; i++)
      builder.addSpan(track, i * 10, 5, name, 0, noCategory, i, { link: i % 3 === 0 ? i + 7 : 0 });
    builder.ledger.read(100);
    const trace = builder.seal({ name: "many", format: "test", formatLabel: "test", facts: [] });
    const { links, ...spans } = trace.spans;
    const link = Uint32Array.from({ length: 100 }, (_, span) => linkOf(trace.spans, span));
    const older = { ...trace, spans: { ...spans, link } };
    expect((await reopen(await exportBytes(deltaflame, older))).spans.links).toEqual(links);
    expect(links?.id).toHaveLength(34);
    const broken = { ...trace, spans: { ...trace.spans, links: { ...links, id: links?.id.subarray(1) } as LinkTable } };
    expect(await refusal(await exportBytes(deltaflame, broken))).toBe(
      "expected correlation ids of the spans that have one in the container, found others @0",
    );
  });

  it("reads texts from the directory, where versions up to 4 have them", async () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "main" });
    const names = ["a", "", "ü", "\ud800", "\u0000"];
    for (const [i, name] of names.entries()) builder.addSpan(track, i * 10, 5, builder.intern(name), 0, noCategory, i);
    builder.ledger.read(names.length);
    const trace = builder.seal({ name: "many", format: "test", formatLabel: "test", facts: [] });
    const edit = (text: string): string =>
      text
        .replaceAll('"name":"strings.', '"name":"unknown.')
        .replace('"categories":', `"strings":${JSON.stringify(names)},"categories":`);
    const older = await reopen(signAgain(await exportBytes(deltaflame, trace), edit));
    expect(older.strings).toEqual(trace.strings);
    expect(textsOf(older.strings)).toEqual(names);
  });

  it("refuses texts that no builder would make", async () => {
    const refusalWith = async (strings: Partial<TextTable>): Promise<string> =>
      refusal(await exportBytes(deltaflame, { ...drawing, strings: { ...drawing.strings, ...strings } }));
    const { bytes, ends, length } = drawing.strings;
    expect(await refusalWith({ bytes: bytes.map(() => 0xff) })).toBe(
      "expected texts in UTF-8 in the container, found other bytes at text 0 @0",
    );
    expect(await refusalWith({ bytes: bytes.subarray(0, bytes.length - 1) })).toBe(
      `expected texts that follow one another in the container, found a gap at text ${length - 1} @0`,
    );
    expect(await refusalWith({ ends: ends.toReversed() })).toBe(
      "expected texts that follow one another in the container, found a gap at text 1 @0",
    );
    expect(await refusalWith({ ends: ends.map((_, i) => (i === length - 1 ? bytes.length : 0)) })).toBe(
      "expected different strings in the container, found equal ones @0",
    );
  });

  it("makes the level of detail anew where another version cut it otherwise", async () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "main" });
    const name = builder.intern("a");
    for (let i = 0; i < 3000; i++) builder.addSpan(track, i * 10, 5, name, 0, noCategory, i);
    builder.ledger.read(3000);
    const trace = builder.seal({ name: "many", format: "test", formatLabel: "test", facts: [] });
    const { detail } = trace.rows;
    expect(detail.occupancy.length).toBeGreaterThan(0);
    const none = { mipmapFirst: new Uint32Array(2), occupancy: new Uint8Array(0), slot: new Uint8Array(0) };
    const otherwise = { ...trace, rows: { ...trace.rows, detail: { ...detail, ...none } } };
    expect((await reopen(await exportBytes(deltaflame, otherwise))).rows.detail).toEqual(detail);
    // Spans that overlap in a row would make that without end.
    const startNs = Float64Array.from(trace.spans.startNs, (start) => Math.max(0, start - 30));
    const overlapping = {
      ...otherwise,
      spans: { ...trace.spans, startNs, packedDurationNs: new Uint32Array(3000).fill(40) },
    };
    expect(await refusal(await exportBytes(deltaflame, overlapping))).toBe(
      "expected rows whose spans follow one another in the container, found an overlap at span 1 @0",
    );
  });

  it("keeps the arguments of spans, each where its span says", async () => {
    const bytes = await exportBytes(deltaflame, drawing, { argumentReader: someArguments });
    const again = await reopen(bytes);
    const argumentsOf = async (span: number): Promise<unknown> =>
      (await readEventArguments(memorySource(bytes), sourceOffsetOf(again.spans, span), { expectedName: "any" })).args;
    expect(await argumentsOf(0)).toEqual([]);
    expect(await argumentsOf(4)).toEqual([
      ["span", "4"],
      ["digits", "10159970886766084423"],
      ["nested", '{"a":[1,"ü"]}'],
    ]);
  });

  it("says so where the arguments were not kept", async () => {
    const bytes = await exportBytes(deltaflame, drawing);
    const { args } = await readEventArguments(memorySource(bytes), sourceOffsetOf((await reopen(bytes)).spans, 1));
    expect(args).toEqual([["args", "not kept in this file"]]);
  });

  it("is told by its first bytes, whatever its name", async () => {
    const bytes = await exportBytes(deltaflame, drawing);
    expect((await findImporter(memorySource(bytes), "trace.json")).id).toBe("deltaflame");
  });
});

describe("a damaged container is refused with the place and what was expected:", () => {
  const change = async (edit: (bytes: Uint8Array, view: DataView) => void): Promise<string> => {
    const bytes = Uint8Array.from(await exportBytes(deltaflame, drawing));
    edit(bytes, new DataView(bytes.buffer));
    return refusal(bytes);
  };
  const size = async (): Promise<number> => (await exportBytes(deltaflame, drawing)).length;

  it("one of a newer version, with both versions", async () => {
    expect(
      await change((_bytes, view) => {
        view.setUint32(8, containerVersion + 3, true);
        view.setUint32(12, containerVersion + 2, true);
      }),
    ).toBe(
      "expected a container of version 5 or one that a reader of version 5 understands, found version 8, which needs a reader of version 7: a newer Deltaflame wrote it @8",
    );
  });

  it("but a newer one that readers of this version understand is read", async () => {
    expect(await change((_bytes, view) => view.setUint32(8, containerVersion + 1, true))).toBe("it was read");
  });

  it("one without a version", async () => {
    expect(await change((_bytes, view) => view.setUint32(8, 0, true))).toBe(
      "expected a version of the container from 1 up, found 0 @8",
    );
  });

  it("one that was copied as text", async () => {
    const bytes = await exportBytes(deltaflame, drawing);
    const text = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    expect(await refusal(text)).toBe(
      "expected the mark of a Deltaflame container, found one whose line ends or high bits were changed: the file was copied as text @5",
    );
  });

  it("one cut in the header", async () => {
    expect(await refusal((await exportBytes(deltaflame, drawing)).subarray(0, 40))).toBe(
      "expected 64 bytes of the container's header, found 40: the file was cut @40",
    );
  });

  it("one cut right behind the header", async () => {
    expect(await refusal((await exportBytes(deltaflame, drawing)).subarray(0, 100))).toBe(
      "expected a container of at least 128 bytes, found 100: the file was cut @100",
    );
  });

  it("one cut anywhere else", async () => {
    const whole = await exportBytes(deltaflame, drawing);
    for (let length = headerBytes + footerBytes; length < whole.length; length += 97) {
      expect(await refusal(whole.subarray(0, length))).toBe(
        `expected the closing mark of the container at byte ${length - footerBytes}, found something else: the file was cut or went on @${length - footerBytes}`,
      );
    }
  });

  it("one in the middle of which bytes are missing", async () => {
    const bytes = await exportBytes(deltaflame, drawing);
    const shorter = Buffer.concat([bytes.subarray(0, 500), bytes.subarray(564)]);
    expect(await refusal(shorter)).toBe(
      `expected a container of ${bytes.length} bytes, found ${bytes.length - 64} @${bytes.length - 64}`,
    );
  });

  it("one with a flipped bit in a column", async () => {
    expect(await change((bytes) => (bytes[129] ^= 4))).toMatch(
      /^expected checksum [0-9a-f]{8} for the container's column "spans\.startNs", found [0-9a-f]{8}: the container is damaged @128$/,
    );
  });

  it("one with a flipped bit in the directory", async () => {
    const at = (await size()) - footerBytes - 10;
    expect(await change((bytes) => (bytes[at] ^= 1))).toMatch(
      /^expected checksum [0-9a-f]{8} for the container's directory, found [0-9a-f]{8}: the container is damaged @\d+$/,
    );
  });

  it("one whose directory lies outside", async () => {
    const end = await size();
    expect(await change((_bytes, view) => view.setFloat64(end - footerBytes + 8, 1e12, true))).toMatch(
      /^expected the container's directory before byte \d+, found a place of \d+ bytes at 1000000000000 @\d+$/,
    );
  });

  describe("with right checksums, but", () => {
    const forge = async (edit: (text: string) => string): Promise<string> =>
      refusal(signAgain(await exportBytes(deltaflame, drawing), edit));

    it.each([
      [
        "no JSON",
        (text: string) => text.slice(1),
        /^expected JSON at "directory" of the container's directory, found something else @\d+$/,
      ],
      [
        "no list of tracks",
        (text: string) => text.replace('"tracks":[', '"trucks":['),
        /^expected a list at "tracks" of the container's directory/,
      ],
      [
        "a column that lies outside",
        (text: string) => text.replace('"offset":128,', '"offset":1280000,'),
        /^expected column "spans.startNs" inside the container, found \d+ bytes at 1280000/,
      ],
      [
        "a column named over and over",
        (text: string) =>
          text.replace('"columns":[', `"columns":[${text.match(/\{"name":"spans\.parent"[^}]*\},/)?.[0].repeat(1000)}`),
        /^expected columns of at most \d+ bytes in all, found \d+/,
      ],
      [
        "a column of another type",
        (text: string) => text.replace('"name":"spans.startNs","type":"f64"', '"name":"spans.startNs","type":"u8"'),
        /^expected column "spans.startNs" of type f64, found u8/,
      ],
      [
        "a missing column",
        (text: string) => text.replace('"spans.startNs"', '"spans.other"'),
        /^expected column "spans.startNs" in the container, found none/,
      ],
      [
        "more spans than columns hold",
        (text: string) => text.replace(/"counts":\{"spans":\d+/, '"counts":{"spans":900000000'),
        /^expected 900000000 values in column "spans\.\w+", found 7/,
      ],
      [
        "a circle of tracks",
        (text: string) => text.replace('"parent":null', '"parent":1'),
        /^expected a tree of tracks in the container, found a circle at track 0/,
      ],
      [
        "times beyond its end",
        (text: string) => text.replace(/"durationNs":\d+/, '"durationNs":10'),
        /^expected (?:spans in order of time|times) .*in the container, found/,
      ],
      [
        "a name that is no string",
        (text: string) => text.replace('"categories":', '"strings":["drawing","a"],"categories":'),
        /^expected names below 2 in the container, found 2 at span \d/,
      ],
      [
        "an unknown kind of track",
        (text: string) => text.replace('"kind":"process"', '"kind":"planet"'),
        /^expected a kind of track at "tracks\[0\]\.kind"/,
      ],
      [
        "a ledger without an outcome",
        (text: string) => text.replace('"outcome":"ok"', '"outcome":"?"'),
        /^expected an outcome at "ledger\.outcome"/,
      ],
    ])("%s", async (_what, edit, message) => {
      expect(await forge(edit)).toMatch(message);
    });
  });

  it("any flipped byte: never a hang, never another trace without a word", async () => {
    const bytes = Uint8Array.from(await exportBytes(deltaflame, drawing));
    const dump = dumpTrace(drawing);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = bytes.slice();
        damaged[at] ^= mask;
        try {
          expect(dumpTrace(await reopen(damaged))).toBe(dump);
        } catch (error) {
          expect(error).toBeInstanceOf(TraceFormatError);
        }
      }),
      { numRuns: 400 },
    );
  });
});
