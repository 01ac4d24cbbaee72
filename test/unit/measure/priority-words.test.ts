import { expect, test } from "vitest";
import { priorityWords } from "../../../traces/measure/priority-words.ts";

test("the priority of a run is said with its niceness", () => {
  expect(priorityWords(0)).toBe("usual");
  expect(priorityWords(15)).toBe("gives way to other programs (nice 15)");
  expect(priorityWords(-5)).toBe("goes before other programs (nice -5)");
  expect(priorityWords(null)).toBe("not readable");
});
