import { expect, test } from "vitest";
import { distinctNames, shortRunNames } from "../../../../renderer/state/distinct-names.ts";

test("names lose the words that all of them begin with, and keep what tells them apart", () => {
  expect(distinctNames(["student-water-64-quiet.json", "student-water-64-busy.json"])).toEqual([
    "…quiet.json",
    "…busy.json",
  ]);
  // A number is not cut in two.
  expect(distinctNames(["results-of-run-112.json", "results-of-run-118.json"])).toEqual(["…112.json", "…118.json"]);
});

test("names that begin with little alike stay whole, as does one alone", () => {
  expect(distinctNames(["a-1.json", "a-2.json"])).toEqual(["a-1.json", "a-2.json"]);
  expect(distinctNames(["student-water-64-quiet.json"])).toEqual(["student-water-64-quiet.json"]);
  expect(distinctNames([])).toEqual([]);
});

test("equal names are numbered, so that none stands for two", () => {
  expect(distinctNames(["runs/report.json", "runs/report.json", "runs/other.json"])).toEqual([
    "runs/report.json",
    "runs/report.json (2)",
    "runs/other.json",
  ]);
});

test("names of runs keep their number and at least one word", () => {
  const runs = ["student: naive, fast, batch 1 and 4", "student: naive, fast, batch 1 to 8"];
  expect(shortRunNames(runs.map((title, index) => `#${index + 1} ${title}`))).toEqual([
    "#1 batch 1 and 4",
    "#2 batch 1 to 8",
  ]);
  expect(shortRunNames(["#1 student: fast", "#2 student: fast"])).toEqual(["#1 fast", "#2 fast"]);
  expect(shortRunNames(["#1 student: fast", "#2 student: fast, planned"])).toEqual(["#1 fast", "#2 fast, planned"]);
  expect(shortRunNames(["#7 student: fast"])).toEqual(["#7 student: fast"]);
  expect(shortRunNames([])).toEqual([]);
});
