import fc from "fast-check";
import { expect, it } from "vitest";
import { toTextTable } from "../../../traces/model/text-table.ts";
import { createTextMatch } from "../../../traces/query/text-match.ts";

// Among them: letters whose lower case is one of ASCII, or holds one; characters one bit off a letter.
const character = fc.constantFrom(..."aAbBkKiI@`[{_ \0\u007f", "\u212a", "\u0130", "ü", "Ü", "Σ", "😀", "\ud800");
const text = fc.string({ unit: character, maxLength: 8 });

it("finds a part in bytes as in texts in lower case", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 30 }), text, (texts, part) => {
      const wanted = part.toLowerCase();
      const markOthers = createTextMatch(toTextTable(texts), wanted);
      const states = new Uint8Array(texts.length).fill(2);
      markOthers(0, texts.length >> 1, states, 1);
      markOthers(texts.length >> 1, texts.length, states, 1);
      expect([...states]).toEqual(texts.map((each) => (each.toLowerCase().includes(wanted) ? 2 : 1)));
    }),
    { numRuns: 1000 },
  );
});
