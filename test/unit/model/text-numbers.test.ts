import fc from "fast-check";
import { expect, it } from "vitest";
import { TextNumbers } from "../../../traces/model/text-numbers.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

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
  const call = fc.tuple(fc.boolean(), fc.nat(60));
  fc.assert(
    fc.property(fc.array(call, { maxLength: 300 }), (calls) => {
      const numbers = new TextNumbers();
      const known = new Map<string, number>();
      const wasDistinct = new Set<string>();
      for (const [isDistinct, value] of calls) {
        const text = `text ${value}`;
        const asDistinct = isDistinct && !wasDistinct.has(text);
        const number = known.get(text) ?? known.size;
        known.set(text, number);
        if (asDistinct) wasDistinct.add(text);
        expect(asDistinct ? numbers.ofDistinct(new TextEncoder().encode(text)) : numbers.of(text)).toBe(number);
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
