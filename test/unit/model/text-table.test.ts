import fc from "fast-check";
import { expect, it } from "vitest";
import { nameVariant } from "../../../traces/model/color-slot.ts";
import { areDifferent, TextNumbers } from "../../../traces/model/text-numbers.ts";
import {
  compareTexts,
  forEachText,
  isText,
  textOf,
  textsOf,
  textStart,
  toTextTable,
} from "../../../traces/model/text-table.ts";

const odd = fc.constantFrom(
  "",
  "\0",
  "\ud800",
  "\udc00x",
  "\ud83d\ude00",
  "\uffff",
  "\ue000",
  "\ufffd",
  "\ufeffa",
  "ü",
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.array(odd, { maxLength: 3 }).map((parts) => parts.join("")),
);
const texts = fc.uniqueArray(text, { maxLength: 60 });

it("gives back every text, one by one, together, and as it lies in bytes", () => {
  fc.assert(
    fc.property(texts, fc.nat(60), fc.nat(60), (all, first, end) => {
      const table = toTextTable(all);
      expect(all.map((_, id) => textOf(table, id))).toEqual(all);
      expect(textsOf(table)).toEqual(all);
      expect(textsOf(table, first, Math.min(end, all.length))).toEqual(all.slice(first, Math.max(first, end)));
      const visited: string[] = [];
      forEachText(table, (each, id) => (visited[id] = each));
      expect(visited).toEqual(all);
      expect(table.bytes).toHaveLength(table.length === 0 ? 0 : table.ends[table.length - 1]);
      for (let id = 0; id < all.length; id++)
        expect(isText(table.bytes, textStart(table, id), table.ends[id])).toBe(true);
      expect(areDifferent(table)).toBe(true);
    }),
  );
});

it("orders texts as their UTF-16 units", () => {
  fc.assert(
    fc.property(texts, (all) => {
      const table = toTextTable(all);
      for (const [a, left] of all.entries())
        for (const [b, right] of all.entries())
          expect(Math.sign(compareTexts(table, a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
    }),
  );
});

it("tells texts from other bytes, and finds equal ones", () => {
  const isTextOf = (bytes: readonly number[]): boolean => isText(Uint8Array.from(bytes), 0, bytes.length);
  // Cut, too long a form, beyond the last character, a pair of surrogates as two.
  for (const bytes of [
    [0x80],
    [0xc3],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x28, 0xa1],
    [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  ])
    expect(isTextOf(bytes)).toBe(false);
  expect(isTextOf([0xed, 0xb0, 0x80, 0xed, 0xa0, 0x80])).toBe(true);
  expect(areDifferent(toTextTable(["a", "b", "a"]))).toBe(false);
});

it("reads texts that follow many others of a large table", () => {
  const all = Array.from({ length: 20_000 }, (_, id) => (id % 5000 === 0 ? `ünlike ${id}` : `name ${id}`));
  const table = toTextTable(all);
  expect(textsOf(table)).toEqual(all);
  for (const id of [19_999, 3, 8195, 3, 16_387, 15_000]) expect(textOf(table, id)).toBe(all[id]);
});

it("keeps a table as it was when further texts come, and finds the variant of each", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const numbers = new TextNumbers();
      for (const each of before) numbers.of(each);
      const early = numbers.table();
      const known = numbers.variants().slice();
      for (let i = 0; i < 3000; i++) numbers.of(`name ${i} of all`);
      for (const each of after) numbers.of(each);
      expect(textsOf(early)).toEqual(before);
      const late = numbers.table();
      expect([...numbers.variants()]).toEqual(textsOf(late).map(nameVariant));
      expect(numbers.variants().subarray(0, known.length)).toEqual(known);
      for (const each of before) expect(numbers.text(numbers.of(each))).toBe(each);
    }),
    { numRuns: 30 },
  );
});

it("reads long texts around a few odd characters in pieces, and many long ones in several batches", () => {
  const long = "x".repeat(3_000_000);
  const texts = [`${long}\ud800${long}`, `${long}\ufffd`, ...Array.from({ length: 9 }, (_, i) => `${long}${i}`)];
  const table = toTextTable(texts);
  expect(textOf(table, 0) === texts[0]).toBe(true);
  expect(textOf(table, 1) === texts[1]).toBe(true);
  expect(textsOf(table).every((text, id) => text === texts[id])).toBe(true);
});

it("does not add up a text character by character", () => {
  // Added up, two million characters would leave as many pieces for the collector: some 60 MB.
  const text = `\ud800${"y".repeat(2_000_000)}`;
  const table = toTextTable([text]);
  const before = process.memoryUsage().heapUsed;
  expect(textOf(table, 0)).toHaveLength(text.length);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(30e6);
});
