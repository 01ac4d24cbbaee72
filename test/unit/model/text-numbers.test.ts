import fc from "fast-check";
import { expect, it } from "vitest";
import { TextNumbers } from "../../../traces/model/text-numbers.ts";
import { textsOf, toTextTable } from "../../../traces/model/text-table.ts";

it("numbers texts as a map does, whatever they hold", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 3 }), { maxLength: 400 }), (texts) => {
      const numbers = new TextNumbers();
      const known = new Map<string, number>();
      for (const text of texts) {
        const number = known.get(text) ?? known.size;
        known.set(text, number);
        expect(numbers.of(text)).toBe(number);
      }
      expect(textsOf(numbers.table())).toEqual([...known.keys()]);
    }),
  );
});

it("finds texts that were added as distinct ones, and these find what was met before", () => {
  const some = fc.tuple(fc.boolean(), fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(fc.array(some, { maxLength: 120 }), (calls) => {
      const numbers = new TextNumbers();
      const known = new Map<string, number>();
      const wasDistinct = new Set<string>();
      for (const [isDistinct, values] of calls) {
        const texts = values.map((value) => `ünlike ${value}`);
        const expected = texts.map((text) => {
          known.set(text, known.get(text) ?? known.size);
          return known.get(text);
        });
        if (isDistinct && !texts.some((text) => wasDistinct.has(text))) {
          for (const text of texts) wasDistinct.add(text);
          const { bytes, ends } = toTextTable(texts);
          const found = new Int32Array(texts.length);
          numbers.ofDistinct(bytes, ends, found);
          expect([...found]).toEqual(expected);
        } else expect(texts.map((text) => numbers.of(text))).toEqual(expected);
        for (const text of texts) expect(numbers.text(known.get(text) ?? -1)).toBe(text);
      }
      expect(textsOf(numbers.table())).toEqual([...known.keys()]);
    }),
  );
});

it("keeps its numbers when it grows", () => {
  const numbers = new TextNumbers();
  const texts = Array.from({ length: 5000 }, (_, index) => `name ${index} of all`);
  for (const text of texts) numbers.of(text);
  expect(texts.map((text) => numbers.of(text))).toEqual(texts.map((_, index) => index));
});
