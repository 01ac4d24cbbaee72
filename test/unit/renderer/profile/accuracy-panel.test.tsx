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

test("every row shows the limits of its own precision, and on which molecule a check was computed", async () => {
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
  page = await renderInApp(<AccuracyPanel results={results} isDone />);
  const rows = [...page.root.querySelectorAll("tr")].map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) =>
      [...cell.childNodes].map(({ textContent }) => textContent?.trim()).filter((text) => text !== ""),
    ),
  );
  expect(rows).toEqual([
    [["Configuration"], ["Verdict"], [gradient.label, "relative"], [company.label, "meV/atom"]],
    [
      ["fast"],
      ["✓ within"],
      ["0.000400", "limit 0.00100", "ethanol"],
      ["0.00200", "limit 0.0100", "water and benzene"],
    ],
    [
      ["fast-int8"],
      ["✕ outside, excluded"],
      ["1.42", "no limit for int8: told, not judged", "ethanol"],
      ["✕", "33.5", "limit 10.0", "water and benzene"],
    ],
  ]);
});
