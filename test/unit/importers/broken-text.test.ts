import { describe, expect, it } from "vitest";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { droppedOf, fingerprint, importContent, importInChunks, noteOf } from "./import-text.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

const event = (name: string, ts: number): string =>
  `{"ph":"X","pid":1,"tid":1,"name":${JSON.stringify(name)},"ts":${ts},"dur":1}`;
const names = (dump: string): string[] => [...dump.matchAll(/^ +(\w+) other @/gm)].map((match) => match[1] ?? "");

describe("containers", () => {
  it.each([
    ["a bare array", `[${event("a", 1)}]`],
    ["an object", `{"traceEvents":[${event("a", 1)}]}`],
    ["a byte order mark", `\uFEFF[${event("a", 1)}]`],
    ["white space of every kind", `\r\n\t [\n ${event("a", 1)} \n]\n\n`],
    [
      "members before and after",
      `{"x":{"traceEvents":[1,2]},"s":"]}","traceEvents":[${event("a", 1)}],"baseTimeNanoseconds": 5, "y":[{}]}`,
    ],
    ["escaped keys", `{"trace\\u0045vents":[{"ph":"X","t\\u0073":1,"n\\u0061me":"a","dur":1}]}`],
  ])("reads %s without a note", async (_what, text) => {
    const trace = await importContent(text);
    expect(names(dumpTrace(trace))).toEqual(["a"]);
    expect(trace.meta.ledger.outcome).toBe("ok");
  });

  it("reads the base time before and after the events, beyond what a double holds", async () => {
    const after = await importContent(`{"traceEvents":[${event("a", 1)}],"baseTimeNanoseconds":1727743122000000001}`);
    const before = await importContent(
      `{"baseTimeNanoseconds":"1727743122000000001","traceEvents":[${event("a", 1)}]}`,
    );
    expect([after.meta.originUnixNs, before.meta.originUnixNs]).toEqual([1727743122000001001n, 1727743122000001001n]);
  });

  it("accepts files without events", async () => {
    for (const text of ["[]", '{"traceEvents":[]}', '{"traceEvents":[{}]}'])
      expect((await importContent(text)).spans.length).toBe(0);
  });

  it("reads events one after another without a list", async () => {
    const trace = await importContent(`${event("a", 1)}\n${event("b", 2)}\n`);
    expect(names(dumpTrace(trace))).toEqual(["a", "b"]);
  });

  it("refuses an object without events", async () => {
    await expect(importContent('{"other":1}')).rejects.toThrow(
      'expected a list of events, "traceEvents", found JSON of another kind, an object with "other"',
    );
  });
});

describe("repairs", () => {
  it.each([
    ["no closing bracket", `[${event("a", 1)},${event("b", 2)}`, "JSON repaired: the closing bracket is missing"],
    ["a comma at the end", `[${event("a", 1)},${event("b", 2)},`, "JSON repaired: the closing bracket is missing"],
    [
      "a comma before the bracket",
      `[${event("a", 1)},${event("b", 2)},]`,
      "JSON repaired: comma before the closing bracket",
    ],
    [
      "text after the bracket",
      `[${event("a", 1)},${event("b", 2)}] done`,
      "JSON repaired: text after the end of the root value was left out",
    ],
    ["two arrays", `[${event("a", 1)}]\n[${event("b", 2)}]`, "JSON repaired: another array follows the first value"],
    [
      "two objects",
      `{"traceEvents":[${event("a", 1)}],"x":{}}\n{"y":1,"traceEvents":[${event("b", 2)}]}`,
      "JSON repaired: another object follows the first value",
    ],
    [
      "an array behind an object",
      `{"traceEvents":[${event("a", 1)}]}[${event("b", 2)}]`,
      "JSON repaired: another array follows the first value",
    ],
  ])("reads %s and says so once", async (_what, text, message) => {
    const trace = await importContent(text);
    expect(names(dumpTrace(trace))).toEqual(["a", "b"]);
    expect(noteOf(trace, "repairs")).toMatchObject({ message, count: 1 });
    expect(trace.meta.ledger.outcome).toBe("notes");
  });

  it("passes over commas, raw control characters and words that JSON does not know inside events", async () => {
    const trace = await importContent(
      '[{"ph":"X","name":"a\u0001\nb","ts":1,"dur":1,"args":{"x":NaN,"y":-Infinity,"z":"\u0000",},},]',
    );
    expect(textsOf(trace.strings)).toContain("a\u0001\nb");
  });

  it("keeps backslashes that escape nothing", async () => {
    const trace = await importContent(
      String.raw`[{"ph":"X","name":"C:\Users\user1\new","ts":1,"dur":1},{"ph":"X","name":"q\"\\\u00e9\ud83d\ude00","ts":1,"dur":1}]`,
    );
    expect(textsOf(trace.strings)).toContain("C:\\Users\\user1\new");
    expect(textsOf(trace.strings)).toContain('q"\\é😀');
  });

  it("gives two spellings of a name one id", async () => {
    const trace = await importContent(
      String.raw`[{"ph":"X","name":"ab","ts":1,"dur":1},{"ph":"X","name":"a\u0062","ts":3,"dur":1}]`,
    );
    expect(trace.spans.name[0]).toBe(trace.spans.name[1]);
  });

  it("shows bytes that are not UTF-8 as U+FFFD and counts the text", async () => {
    const bytes = new TextEncoder().encode(`[${event("aQb", 1)},${event("c\uFFFD", 2)}]`);
    bytes[bytes.indexOf(0x51)] = 0xff;
    const trace = await importContent(bytes);
    expect(textsOf(trace.strings)).toContain("a\uFFFDb");
    expect(noteOf(trace, "invalidUtf8")?.count).toBe(1);
  });

  it("drops an event that breaks JSON's rules and goes on behind it", async () => {
    const trace = await importContent(`[${event("a", 1)},{"ph":"X" 5 "ts":{"x":1}},{ts:1},${event("b", 2)}]`);
    expect(names(dumpTrace(trace))).toEqual(["a", "b"]);
    expect(droppedOf(trace, "malformedEvent")?.count).toBe(2);
  });
});

describe("files that break off", () => {
  const whole = `{"schemaVersion":1,"traceEvents":[${event("a", 1)},${event('b"\\', 2)},{"ph":"C","ts":3,"name":"c","args":{"v":1.5}},${event("d", 4)}],"x":{"y":[1]}}`;
  const starts = [...whole.matchAll(/\{"ph"/g)].map((match) => match.index);
  const ends = starts.map((_start, index) =>
    index + 1 < starts.length ? (starts[index + 1] ?? 0) - 1 : whole.indexOf("],"),
  );

  it("keeps every complete event and names the byte, wherever the file is cut", async () => {
    for (let cut = whole.indexOf("[") + 1; cut < whole.length; cut++) {
      const trace = await importContent(whole.slice(0, cut));
      expect([cut, trace.meta.ledger.eventsRead]).toEqual([cut, ends.filter((end) => end <= cut).length]);
      expect(trace.meta.ledger.outcome).toBe("partial");
      expect(trace.meta.ledger.truncatedAtByte).toBe(cut);
    }
  });

  it("says where the broken event starts", async () => {
    const trace = await importContent(whole.slice(0, (starts[3] ?? 0) + 12));
    expect(noteOf(trace, "truncated")).toMatchObject({
      message: "a value that the end of the file cuts off",
      firstBytes: [starts[3]],
    });
  });

  it("throws with the place when the file ends before its events", async () => {
    await expect(importContent('{"a":1,"b')).rejects.toThrow(
      "found the end of the file at byte 9 before it, in JSON of another kind",
    );
  });
});

describe("chunks", () => {
  const text = `\uFEFF{"meta\\u0041":{"traceEvents":[{"ph":"X"}],"s":"\\\\\\"]"},"deviceProperties":[{"id":0,"name":"X"}],"skip":"a\\\\","traceEvents":[
    ${event('a"\\é😀', 1)}, {"ph":"X","pid":1,"tid":"s 7","ts":12.0005,"dur":1e1,"cat":"kernel","name":"k","args":{"nested":{"correlation":9},"correlation":5,"t":"\\\\\\""}},
    {"ph":"b","cat":"c","id2":{"local":"0x1"},"ts":3,"name":"x"},{"ph":"e","cat":"c","id2":{"local":"0x1"},"ts":9,"name":"x"}, null, 12345, "str", [1,{"a":"]"}],
    {"ph":"C","ts":4,"name":"c","args":{"v":1,"w":"2.5"}},{"ph":"M","pid":1,"name":"process_name","args":{"name":"p\\u0061"}},{"ph":"X","bad":},${event("z", 99)},
  ],"baseTimeNanoseconds" : 1735632360000000000 , "n":12 }  trailing`;

  it("gives the same trace at every buffer size", async () => {
    const expected = fingerprint(await importContent(text));
    for (let size = 1; size <= 200; size++) expect(fingerprint(await importInChunks(text, size))).toBe(expected);
  });

  it("gives the same trace at every buffer size when it is cut, too", async () => {
    for (const cut of [180, 300, 420, text.length - 40]) {
      const expected = fingerprint(await importContent(text.slice(0, cut)));
      for (const size of [1, 7, 64, 100, 333])
        expect(fingerprint(await importInChunks(text.slice(0, cut), size))).toBe(expected);
    }
  });
});
