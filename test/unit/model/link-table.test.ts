import fc from "fast-check";
import { expect, it } from "vitest";
import { allocatePlain } from "../../../traces/model/column.ts";
import { isLinkTable, linkOf, packLinks, spansOfLinks } from "../../../traces/model/link-table.ts";

const links = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(0), fc.nat(), fc.constant(0xffffffff)), { maxLength: 80 }),
    fc.constantFrom(1, 30),
  )
  .map(([some, times]) => Uint32Array.from({ length: some.length * times }, (_, i) => some[i % some.length]));

it("gives back the id of every span and the span of every id", () => {
  fc.assert(
    fc.property(links, fc.nat(), fc.nat(), (link, from, to) => {
      const table = packLinks(link, link.length, allocatePlain);
      expect(isLinkTable(table, link.length)).toBe(true);
      expect(Array.from(link, (_, span) => linkOf({ links: table }, span))).toEqual([...link]);
      const linked = Array.from(link.keys()).filter((span) => link[span] !== 0);
      const begin = from % (linked.length + 1);
      const end = to % (linked.length + 1);
      expect([...spansOfLinks(table, begin, end)]).toEqual(linked.slice(begin, end));
    }),
    { numRuns: 300 },
  );
});

it("is no table of links when a part is wrong", () => {
  const link = Uint32Array.from({ length: 1500 }, (_, span) => (span % 5 === 0 ? span + 1 : 0));
  const table = packLinks(link, 1500, allocatePlain);
  const changed = (column: Uint32Array, index: number, value: number): Uint32Array => column.with(index, value);
  const bits = Uint32Array.from(table.bits);
  expect(isLinkTable(table, 1600)).toBe(false);
  expect(isLinkTable({ ...table, id: table.id.subarray(1) }, 1500)).toBe(false);
  expect(isLinkTable({ ...table, before: changed(Uint32Array.from(table.before), 1, 3) }, 1500)).toBe(false);
  // A bit moved to behind the last span.
  const last = bits.length - 1;
  const moved = changed(changed(bits, 0, bits[0] & (bits[0] - 1)), last, (bits[last] | (1 << 31)) >>> 0);
  expect(isLinkTable({ ...table, bits: moved }, 1500)).toBe(false);
});
