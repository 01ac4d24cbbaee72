import { expect, test } from "vitest";
import { askedWarmupWords } from "../../../traces/measure/common-facts.ts";

test("what a run asks for before its first sample is told without what it does not ask for", () => {
  expect(askedWarmupWords(5, 200)).toBe("at least 5 steps and 200 ms");
  expect(askedWarmupWords(1, 0)).toBe("at least 1 step");
  expect(askedWarmupWords(0, 0)).toBe("none");
});
