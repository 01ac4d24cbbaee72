import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInThreadRuns } from "../../../electron/engine/runs/in-thread-runs.ts";
import { tfjsWebgpu } from "../../../native-bench/backends/tfjs-webgpu.ts";
import type { Availability } from "../../../native-bench/plan/availability.ts";
import { openRunClient, type RunClient } from "./run-client.ts";

let subject: RunClient;
beforeEach(() => {
  subject = openRunClient(createInThreadRuns({ workloads: [], backends: [tfjsWebgpu] }));
});
afterEach(() => subject.close());

async function lookForGpu(): Promise<Availability | undefined> {
  const [facts] = await subject.client.call("bench.backends", null);
  return facts?.availability;
}

describe("a client that lends its GPU", () => {
  test("is asked by probes, and what it answers is what is shown", async () => {
    const { client } = subject;
    const aborter = new AbortController();
    const served = client.call("gpu.serve", null, { signal: aborter.signal });
    const stop = client.on("gpu.asked", ({ question, asked }) => {
      expect(asked).toEqual({ kind: "open" });
      const facts = { name: "a GPU", software: true, version: "4.22.0" };
      void client.call("gpu.answer", { question, answer: { kind: "open", facts } });
    });
    expect(await lookForGpu()).toMatchObject({
      available: true,
      device: { kind: "gpu", name: "a GPU", software: true },
    });
    stop();

    client.on("gpu.asked", ({ question }) => void client.call("gpu.answer", { question, fault: "no WebGPU adapter" }));
    expect(await lookForGpu()).toEqual({ available: false, reason: "no WebGPU adapter" });
    aborter.abort();
    await expect(served).rejects.toThrow();
  });

  test("that goes away leaves no question open", async () => {
    const { client } = subject;
    const aborter = new AbortController();
    const served = client.call("gpu.serve", null, { signal: aborter.signal });
    client.on("gpu.asked", () => aborter.abort());
    expect(await lookForGpu()).toEqual({ available: false, reason: "the window with the GPU has gone" });
    await expect(served).rejects.toThrow();
  });

  test("cannot answer with what is no answer", async () => {
    const { client } = subject;
    for (const answer of [
      { kind: "upload", slab: -1 },
      { kind: "run", sums: { sums: [1, 2], startMs: 0, endMs: 1 } },
      { kind: "run", sums: { sums: new Float64Array(5000), startMs: 0, endMs: 1 } },
      { kind: "else" },
    ])
      await expect(client.call("gpu.answer", { question: 1, answer } as never)).rejects.toThrow(/gpu\.answer/u);
  });
});
