import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { OpenBegins, noBegin } from "../../../traces/importers/chrome/open-begins.ts";
import { droppedOf, importEvents, noteOf } from "./import-text.ts";

const count = 60_000;

/** Each of these takes minutes where an end looks through all that is open: they end by the time limit of a test then. */
describe("many open begins", () => {
  it("closes outer begins below many inner ones", async () => {
    const events = [
      ...Array.from({ length: count }, (_, i) => ({ ph: "B", name: "outer", pid: 1, tid: 1, ts: i })),
      ...Array.from({ length: count }, (_, i) => ({ ph: "B", name: "inner", pid: 1, tid: 1, ts: count + i })),
      ...Array.from({ length: count }, (_, i) => ({ ph: "E", name: "outer", pid: 1, tid: 1, ts: 2 * count + i })),
    ];
    const trace = await importEvents(events);
    expect(noteOf(trace, "endBelowTop")?.count).toBe(count);
    expect(noteOf(trace, "openEnded")?.count).toBe(count);
  });

  it("closes asynchronous work of one id from the outermost inwards", async () => {
    const ids = { cat: "c", id: 1, pid: 1, tid: 1 };
    const trace = await importEvents([
      ...Array.from({ length: count }, (_, i) => ({ ph: "b", name: `n${i}`, ts: i, ...ids })),
      ...Array.from({ length: count }, (_, i) => ({ ph: "e", name: `n${i}`, ts: count + i, ...ids })),
    ]);
    expect(trace.meta.ledger.foldedIn).toBe(count);
    expect(noteOf(trace, "openEnded")).toBeUndefined();
  });

  it("passes over ends of one instant that nothing began", async () => {
    const trace = await importEvents(
      Array.from({ length: 10 * count }, () => ({ ph: "E", name: "a", pid: 1, tid: 1, ts: 7 })),
    );
    expect(droppedOf(trace, "endUnmatched")?.count).toBe(10 * count);
  });
});

it("finds the innermost open begin of an owner and of a name", () => {
  const steps = fc.array(fc.record({ opens: fc.boolean(), owner: fc.nat(2), name: fc.integer({ min: -1, max: 2 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const open = new OpenBegins(list.length, 3);
      const plain: { begin: number; owner: number; name: number }[] = [];
      list.forEach(({ opens, owner, name }, event) => {
        if (opens) {
          open.add(event, owner, name);
          plain.push({ begin: event, owner, name });
        }
        const innermost = plain.findLast((each) => each.owner === owner);
        const ofName = plain.findLast((each) => each.owner === owner && each.name === name);
        expect(open.innermost(owner)).toBe(innermost?.begin ?? noBegin);
        expect(open.innermostOfName(owner, name)).toBe(ofName?.begin ?? noBegin);
        if (opens || ofName === undefined) return;
        open.remove(ofName.begin, owner);
        plain.splice(plain.indexOf(ofName), 1);
      });
    }),
  );
});

it("more events than its table can number are refused with the limit, before memory is asked for", () => {
  expect(() => new OpenBegins(2 ** 30, 1)).toThrow(UserFacingError);
  expect(() => new OpenBegins(2 ** 30, 1)).toThrow(/1.073.741.824 begins and ends .* at most 1.073.741.823/u);
});
