import * as fc from "fast-check";
import { expect, it } from "vitest";
import { findJsonFault } from "../../../traces/importers/json-fault.ts";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it("finds no fault exactly where the engine finds none", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, put) => {
      expect(findJsonFault(json)).toBeNull();
      const place = at % (json.length + 1);
      const changed = json.slice(0, place) + put + json.slice(place + 1);
      expect(findJsonFault(changed) === null).toBe(isJson(changed));
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['{"a":1,}', 7],
  ["[1 2]", 3],
  ['{"a" 1}', 5],
  ["[tru]", 1],
  ["[01]", 1],
  ['{"a":[1', 7],
  ["", 0],
  ["[]]", 2],
  ["[}", 1],
])("tells where %s breaks the rules", (text, place) => {
  expect(findJsonFault(text)).toBe(place);
});
