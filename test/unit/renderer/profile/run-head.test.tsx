// @vitest-environment happy-dom
import { isValidElement } from "react";
import { afterEach, expect, test } from "vitest";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import type { RunRecord } from "../../../../renderer/state/run-record.ts";
import { fitColumns } from "../../../../renderer/ui/fit-columns.ts";
import { resultColumns, resultsAsText } from "../../../../renderer/views/profile/results-columns.tsx";
import { RunHead } from "../../../../renderer/views/profile/RunHead.tsx";
import type { BenchResult } from "../../../../traces/measure/bench-report.ts";
import { type Rendered, renderInApp } from "../render.tsx";
import { startedRun } from "./started-run.ts";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const workload = studentForceField.facts;

function resultOf(variant: string, structures: string, medianMs: number): BenchResult {
  const configuration = { variant, backend: "onnxruntime-cpu", options: { structures, batch: 1 } };
  return { ...describeUnmeasured(configuration, "measured", null), medianMs, sampleCount: 20, device: "CPU" };
}

const results = [
  resultOf("naive", "h2o", 0.5),
  resultOf("naive", "c60", 80),
  resultOf("fast", "h2o", 0.1),
  resultOf("fast", "c60", 5),
];

/** A run of this session that ended with these results. */
async function endedRun(): Promise<RunRecord> {
  return { ...(await startedRun()), state: { kind: "done" }, results };
}

test("the head of a run that did different work names the fastest of each, not water as the fastest of all", async () => {
  const run = await endedRun();
  page = await renderInApp(<RunHead run={run} workload={workload} />);
  const told = [...page.root.querySelectorAll("dt")].map(({ textContent, nextSibling }) => [
    textContent,
    nextSibling?.textContent,
  ]);
  expect(told.slice(0, 2)).toEqual([
    ["Fastest at the same work", "fast at 2 of 2"],
    ["Speed-up of the fastest", "5.00× [interval at the end] to 16.0× [interval at the end]"],
  ]);
});

test("the column of speed-ups holds each molecule against itself and names the reference", () => {
  const column = resultColumns(results, workload).find(({ id }) => id === "ratio");
  expect(results.map((result) => column?.cell(result))).toEqual([
    "reference",
    "reference",
    "5.00× [interval at the end]",
    "16.0× [interval at the end]",
  ]);
  expect(column?.hint).toMatch(
    /^Times as fast as naive at the same work, measured in the same run: ratio of the medians.*by bootstrap/u,
  );
});

test("copied results have how they were measured in columns of their own, and speed-ups with their ends", () => {
  const [head, ...rows] = resultsAsText(results, workload)
    .split("\n")
    .map((line) => line.split("\t"));
  const at = (name: string) => rows.map((row) => row[head?.indexOf(name) ?? -1]);
  expect(at("backend")).toEqual(results.map(() => "onnxruntime-cpu"));
  expect(at("device")).toEqual(results.map(() => "CPU"));
  expect(at("structures")).toEqual(["h2o", "c60", "h2o", "c60"]);
  expect(at("warmupSteps")).toEqual(["0", "0", "0", "0"]);
  expect(at("speedUp")).toEqual(["1", "1", "5", "16"]);
  for (const name of ["precision", "speedUpLow", "speedUpHigh", "loadShared"]) expect(head).toContain(name);
});

test("the precision has a column that goes last, and what makes a number count for nothing stands first", () => {
  const [first] = results;
  if (first === undefined) throw new Error("no results");
  const excluded: BenchResult = {
    ...first,
    device: "A processor with a long name",
    precision: "int8",
    outcome: "excluded",
    reason: "energy error: 15 meV/atom",
  };
  const columns = resultColumns([...results, excluded], workload);
  const { shown } = fitColumns(columns, 640, null);
  expect(shown.map(({ id }) => id)).toContain("precision");
  const cell = (id: string) => columns.find((column) => column.id === id)?.cell(excluded);
  expect(cell("precision")).toBe("int8");
  // The column of notes may be folded away: what is excluded says so where its speed-up would stand.
  const ratio = cell("ratio");
  expect(isValidElement<{ readonly children: string }>(ratio) ? ratio.props.children : "").toBe("✕ excluded");
  const notes = cell("notes");
  expect(isValidElement<{ readonly title: string }>(notes) ? notes.props.title : "").toBe(
    "excluded: energy error: 15 meV/atom – A processor with a long name",
  );
});
