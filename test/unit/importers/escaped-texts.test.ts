import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf, textsOf } from "../../../traces/model/text-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { importContent, importInChunks, noteOf, unlessInNanoseconds } from "./import-text.ts";

// `importContent` and `importInChunks` compare the batch reader with the plain reader, byte for byte of the outcome.

const span = (name: string, rest = ""): string => `{"ph":"X","name":${name},"ts":1,"dur":2,"pid":1,"tid":1${rest}}`;
const bytesOf = (binary: string): Uint8Array => Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
/** A character for each byte of the text in UTF-8. */
const binaryOf = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
const namesOf = ({ spans, strings }: Trace): string[] =>
  Array.from({ length: spans.length }, (_, i) => textOf(strings, spans.name[i]));

/** Between the quotes of a string, a character for each byte: escapes, what looks like one, and all that UTF-8 is not. */
const piece = fc.oneof(
  fc.constantFrom("a", "b", "operator<", "0123456789abcdef", "u", "n", "\\\\", "\\\\n", '\\"', "\\/"),
  fc.constantFrom("\\n", "\\t", "\\r", "\\b", "\\f", "\\u003C", "\\u003c", "\\u0000", "\\u005c", "\\u005Cn"),
  fc.constantFrom("\\u00e9", "\\u4e2d", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\uD83D\\u0041", "\\ufffd", "\\uffff"),
  fc.constantFrom("\\u", "\\u12", "\\u123g", "\\U", "\\x", "\\'", "\\a", "\\:", "\\`", "\\@0000"),
  fc.constantFrom("é", "中", "😀", "\\é", "\\😀", "\ufffd", "\u07ff\u0800").map(binaryOf),
  fc.constantFrom("\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "\xf0\x9f\x98", "\xff"),
  fc.integer({ min: 1, max: 40 }).map((count) => "x".repeat(count)),
);
const text = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(""));

describe("texts with escapes", () => {
  it("are one name with every other spelling of the same text", async () => {
    const spellings = [
      '"a<b\\\\/"',
      '"a\\u003Cb\\\\\\/"',
      '"a\\u003cb\\u005c/"',
      '"\\u0061<\\u0062\\\\/"',
      '"a<b\\\\\\u002f"',
    ];
    const rounds = [...spellings, ...spellings.toReversed()];
    const trace = await importContent(`[${rounds.map((name) => span(name)).join(",")}]`);
    expect(namesOf(trace)).toEqual(Array<string>(rounds.length).fill("a<b\\/"));
    expect(trace.strings.length).toBe(1);
  });

  it("are told from texts that have their bytes and no escapes", async () => {
    // A name that is no string is shown as it is written, backslashes and all.
    const names = ["a\\tb", '"a\\tb"', '"a\\\\tb"', "a\\tb", '"a\\u0009b"'];
    const trace = await importContent(`[${names.map((name) => span(name)).join(",")}]`);
    expect(namesOf(trace)).toEqual(["a\\tb", "a\tb", "a\\tb", "a\\tb", "a\tb"]);
    expect(trace.strings.length).toBe(2);
  });

  it("keep halves of surrogate pairs apart from bytes that would be one", async () => {
    const names = ['"\\ud800"', '"\xed\xa0\x80"', '"\\ud800\\u0041"', '"\\ud83d\\ude00"', '"\xf0\x9f\x98\x80"'];
    const trace = await importContent(bytesOf(`[${names.map((name) => span(name)).join(",")}]`));
    expect(namesOf(trace)).toEqual(["\ud800", "\ufffd\ufffd\ufffd", "\ud800A", "😀", "😀"]);
    expect(noteOf(trace, "invalidUtf8")?.count).toBe(1);
  });

  it("are as many names as there are, in the order of the file, where tables grow", async () => {
    const count = 60_000;
    const texts = Array.from({ length: 2 * count }, (_, i) =>
      i % 3 === 0
        ? span(`"plain ${i % count}"`, `,"cat":"C:\\\\${i % 1000}"`)
        : span(`"vector\\u003${i < count ? "C" : "c"}int, ${i % count}\\u003E"`, `,"cat":"\\"${i % 500}\\""`),
    );
    const trace = await importInChunks(`[${texts.join(",")}]`, 1 << 20);
    const names = textsOf(trace.strings).filter((name) => name.startsWith("vector<int"));
    expect(names).toHaveLength(count - count / 3);
    expect(trace.strings.length).toBe(count + 1500);
  });

  it("mean the same to both readers wherever they stand", async () => {
    const quoted = text.map((bytes) => `"${bytes}"`);
    const value = fc.oneof(
      { weight: 4, arbitrary: quoted },
      { weight: 1, arbitrary: fc.constantFrom("7", "a\\nb", "null") },
    );
    const phase = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('"X"', '"i"', '"s"', '"f"', '"b"', '"e"', '"B"', '"E"', '"C"') },
      { weight: 1, arbitrary: quoted },
    );
    const event = fc
      .tuple(phase, value, value, value, quoted, quoted)
      .map(
        ([ph, name, cat, id, key, argument]) =>
          `{"ph":${ph},"name":${name},"cat":${cat},"id":${id},"ts":1,"dur":3,"pid":1,"tid":${id},"args":{${key}:${argument},"correlation":4}}`,
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 300, max: 5000 }),
        (events, chunkBytes) =>
          unlessInNanoseconds(importInChunks(bytesOf(`[${[...events, ...events].join(",")}]`), chunkBytes)),
      ),
      { numRuns: 500 },
    );
  });
});
