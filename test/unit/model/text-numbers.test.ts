import fc from "fast-check";
import { expect, it } from "vitest";
import { TextNumbers } from "../../../traces/model/text-numbers.ts";

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
      expect(numbers.texts).toEqual([...known.keys()]);
    }),
  );
});

it("keeps its numbers when it grows", () => {
  const numbers = new TextNumbers();
  const texts = Array.from({ length: 5000 }, (_, index) => `name ${index} of all`);
  for (const text of texts) numbers.of(text);
  expect(texts.map((text) => numbers.of(text))).toEqual(texts.map((_, index) => index));
});
