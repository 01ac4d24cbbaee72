import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { tfjsWebgpu } from "../../../native-bench/backends/tfjs-webgpu.ts";
import { createGpuAnswers, createLineDevice, type GpuQuestion } from "../../../native-bench/gpu/gpu-line.ts";
import type { PassDevice } from "../../../native-bench/gpu/pass-device.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { kernelModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { buildChild } from "../../fixtures/optimizer/build-child.ts";
import { softwareVulkan } from "../../fixtures/software-vulkan.ts";
import { makeExperiment } from "./experiments.ts";

const vulkan = softwareVulkan();

interface ChildResult {
  readonly model: string;
  readonly hError: number;
  readonly gError: number;
  readonly costError: number;
  readonly standardErrorsOff: number;
  readonly success: boolean;
  readonly engine: string;
}

describe.skipIf(vulkan === null)("the WebGPU kernel (skipped where no software Vulkan driver is found)", () => {
  let answer: { readonly probe: unknown; readonly results: readonly ChildResult[] };
  beforeAll(async () => {
    const program = await buildChild("webgpu-child");
    const words: string[] = [];
    for (const model of kernelModels) {
      const experiment = createReferenceExperiment(150, model.hasFlow ? 23 : 1);
      words.push(model.id, (await makeExperiment(model, { experiment })).path);
    }
    const output = execFileSync(process.execPath, [program, ...words], {
      encoding: "utf8",
      env: vulkan ?? {},
      stdio: ["ignore", "pipe", "inherit"],
    });
    answer = JSON.parse(output) as typeof answer;
  }, 180_000);

  test("says that a device in software is one", () => {
    expect(answer.probe).toMatchObject({ available: true, device: { kind: "gpu", software: true } });
  });

  for (const { id } of kernelModels)
    test(`${id}: sums agree with float64 to single precision, and fits end at its minimum`, () => {
      const result = answer.results.find(({ model }) => model === id);
      expect(result?.hError).toBeLessThan(2e-6);
      expect(result?.gError).toBeLessThan(2e-6);
      expect(result?.costError).toBeLessThan(2e-6);
      expect(result?.success).toBe(true);
      expect(result?.standardErrorsOff).toBeLessThan(2e-3);
      expect(result?.engine).toContain("float64");
    });
});

test("the backend answers its probe where there is no adapter, and asks the line it is given", async () => {
  const refused = await tfjsWebgpu.probe({ ask: () => Promise.reject(new Error("no WebGPU adapter")) });
  expect(refused).toEqual({ available: false, reason: "no WebGPU adapter" });
  const facts = { name: "a GPU", software: false, version: "4" };
  const found = await tfjsWebgpu.probe({ ask: async () => ({ kind: "open", facts }) });
  expect(found).toMatchObject({ available: true, device: { kind: "gpu", name: "a GPU", software: false } });
});

test("a device behind a line is asked the same and gives the same", async () => {
  const seen: string[] = [];
  const device: PassDevice = {
    upload: async (values) => (seen.push(`upload ${values.length}`), 7),
    run: async ({ slab }) => (seen.push(`run ${slab}`), { sums: Float64Array.of(slab), startMs: 1, endMs: 2 }),
    drop: async (slab) => void seen.push(`drop ${slab}`),
  };
  let openCount = 0;
  const answers = createGpuAnswers(async () => {
    // The first look finds nothing, the next one does.
    if (++openCount === 1) throw new Error("no WebGPU adapter");
    return { facts: { name: "a GPU", software: false, version: "4" }, device };
  });
  await expect(answers({ kind: "open" })).rejects.toThrow("no WebGPU adapter");
  const line = createLineDevice({ ask: (question: GpuQuestion) => answers(structuredClone(question)) });
  expect(await line.upload(new Float32Array(5))).toBe(7);
  const request = { slab: 7 } as Parameters<PassDevice["run"]>[0];
  expect(await line.run(request)).toEqual({ sums: Float64Array.of(7), startMs: 1, endMs: 2 });
  await line.drop(7);
  expect(seen).toEqual(["upload 5", "run 7", "drop 7"]);
  expect(openCount).toBe(2);
});
