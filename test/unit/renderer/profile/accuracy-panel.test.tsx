// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";
import { AccuracyPanel } from "../../../../renderer/views/profile/AccuracyPanel.tsx";
import type { AccuracyCheck, BenchResult } from "../../../../traces/measure/bench-report.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const gradient = { id: "gradient", label: "forces against energy differences", unit: "relative", subject: "ethanol" };
const company = { id: "company", label: "energy change in a batch", unit: "meV/atom", subject: "water and benzene" };

function resultOf(variant: string, checks: readonly AccuracyCheck[]): BenchResult {
  const passed = checks.every((check) => check.passed);
  const configuration = { variant, backend: "onnxruntime-cpu", options: {} };
  return {
    ...describeUnmeasured(configuration, passed ? "measured" : "excluded", null),
    accuracy: { passed, checks },
  };
}

async function rowsOf(results: readonly BenchResult[]) {
  page = await renderInApp(<AccuracyPanel results={results} isDone />);
  return [...page.root.querySelectorAll("tr")].map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) =>
      [...cell.childNodes].map(({ textContent }) => textContent?.trim()).filter((text) => text !== ""),
    ),
  );
}

test("every configuration shows the limits of its own precision", async () => {
  const results = [
    resultOf("fast", [
      { ...gradient, value: 4e-4, limit: 1e-3, passed: true },
      { ...company, value: 2e-3, limit: 0.01, passed: true },
    ]),
    resultOf("fast-int8", [
      { ...gradient, value: 1.42, limit: null, noLimit: "no limit for int8", passed: true },
      { ...company, value: 33.5, limit: 10, passed: false },
    ]),
  ];
  expect(await rowsOf(results)).toEqual([
    [["Check"], ["fast"], ["fast-int8"]],
    [["Verdict"], ["✓\u00A0within"], ["✕\u00A0outside, excluded"]],
    [
      [gradient.label, "ethanol, relative"],
      ["0.000400", "limit 0.00100"],
      ["1.42", "no limit for int8: told, not judged"],
    ],
    [
      [company.label, "water and benzene, meV/atom"],
      ["0.00200", "limit 0.0100"],
      ["✕", "33.5", "limit 10.0"],
    ],
  ]);
});

test("a limit that all configurations have stands with the check, so that each takes one line", async () => {
  const repeat = { id: "repeat", label: "runs that differ", unit: "of 12", limit: 0, count: true } as const;
  const results = [
    resultOf("fast", [{ ...repeat, value: 0, passed: true }]),
    resultOf("naive", [{ ...repeat, value: 11, passed: false }]),
  ];
  expect((await rowsOf(results)).at(-1)).toEqual([["runs that differ", "of 12, limit 0"], ["0"], ["✕", "11"]]);
});

test("a configuration that was checked on other molecules than the others says so itself", async () => {
  const error = { id: "energy", label: "energy error", unit: "meV/atom", value: 1, limit: 10, passed: true };
  const results = [resultOf("fast", [error]), resultOf("naive", [{ ...error, subject: "6 molecules" }])];
  expect((await rowsOf(results)).at(-1)).toEqual([
    ["energy error", "meV/atom, limit 10.0"],
    ["1.00"],
    ["1.00", "6 molecules"],
  ]);
});
