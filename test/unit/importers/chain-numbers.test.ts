import fc from "fast-check";
import { expect, it } from "vitest";
import { ChainNumbers } from "../../../traces/importers/chrome/chain-numbers.ts";

it("numbers pairs as a map does, of any integers", () => {
  const chain = fc.integer({ min: -5, max: 40 });
  const value = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.maxSafeInteger(), fc.constant(2 ** 53));
  fc.assert(
    fc.property(fc.array(fc.tuple(chain, value), { maxLength: 400 }), (pairs) => {
      const numbers = new ChainNumbers();
      const known = new Map<string, number>();
      for (const [before, next] of pairs) {
        const number = known.get(`${before} ${next}`) ?? known.size;
        known.set(`${before} ${next}`, number);
        expect(numbers.of(before, next)).toBe(number);
      }
      expect(numbers.length).toBe(known.size);
    }),
  );
});

it("keeps its numbers when it grows, also of values that lie far apart", () => {
  for (const distance of [1, 16, 2 ** 20, 2 ** 32]) {
    const numbers = new ChainNumbers();
    for (let i = 0; i < 3000; i++) numbers.of(-1, i * distance);
    for (let i = 0; i < 3000; i++) expect(numbers.of(-1, i * distance)).toBe(i);
  }
});
