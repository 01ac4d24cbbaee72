import { expect, test } from "vitest";
import {
  type Breakdown,
  iterationParts,
  watchBreakdown,
} from "../../../native-bench/workloads/streaming-optimizer/breakdown.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { fitOnce, makeExperiment, modelOf } from "./experiments.ts";

test("each iteration tells where its time went, and the parts are no more than the fit", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(150, 9) });
  const told: Breakdown[] = [];
  const spans: string[] = [];
  const inner = { ...nullFitRecorder, begin: (name: string) => void spans.push(name) };
  const recorder = watchBreakdown(inner, (breakdown) => void told.push(breakdown));
  const fit = await fitOnce(model, dataset, { recorder, config: { warmup: "none" } });
  expect(told.map(({ iterations }) => iterations)).toEqual(Array.from({ length: fit.iterations }, (_, k) => k + 1));
  const { iterations, ms } = told.at(-1) ?? { iterations: 0, ms: null };
  const parts = iterationParts.map((part) => ms?.[part] ?? 0);
  for (const part of parts) expect(part).toBeGreaterThan(0);
  expect(parts.reduce((sum, part) => sum + part, 0) * iterations).toBeLessThan(fit.elapsedMs);
  // What is watched is still recorded.
  for (const name of ["fit", "pass", "tables", "reduce", "solve", "iter 1"]) expect(spans).toContain(name);
});
