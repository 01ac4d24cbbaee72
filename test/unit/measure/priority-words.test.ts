import { expect, test } from "vitest";
import { priorityWords } from "../../../traces/measure/priority-words.ts";

test("the priority of a run is said with its niceness", () => {
  expect(priorityWords({ niceness: 0 })).toBe("usual");
  expect(priorityWords({ niceness: 15 })).toBe("gives way to other programs (nice 15)");
  expect(priorityWords({ niceness: -5 })).toBe("goes before other programs (nice -5)");
  expect(priorityWords({ niceness: null })).toBe("not readable");
  expect(priorityWords({ niceness: 15, idleClass: true })).toBe("gives way to all other programs (idle class)");
});
