import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { makePipelineCounters } from "../../../native-bench/samples/make-pipeline-counters.mjs";
import { loaderChange, makeTrainingStep } from "../../../native-bench/samples/make-training-step.mjs";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { findLinks } from "../../../traces/query/links.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createPartnerIndex, createTraceIndex } from "../../../traces/query/trace-index.ts";
import { textOf } from "../../../traces/model/text-table.ts";

const folder = fileURLToPath(new URL("../../../traces/samples/", import.meta.url));
const samples = JSON.parse(readFileSync(`${folder}samples.json`, "utf8")) as readonly {
  id: string;
  file: string;
  name: string;
  description: string;
  readonly pair?: string;
}[];
const largestBytes = 300_000;
/** What is told of a recorded one, besides starts out of order. */
const toldOf: Readonly<Record<string, readonly string[]>> = { "student-cuda-graph": ["overlaps", "spilled"] };

async function importSample(file: string): Promise<Trace> {
  const source = await openByteSource(folder + file);
  try {
    const context = {
      fileName: file,
      throwIfCancelled: () => undefined,
      reportProgress: () => undefined,
      limits: defaultLimits,
    };
    return await importFile(source, { builder: createTraceBuilder(), context });
  } finally {
    source.close();
  }
}

const kindsOf = (trace: Trace): string[] => sumSpans(trace).kinds.map((totals) => totals.kind);

describe.each(samples)("$id", ({ id, file, name, description }) => {
  test("is listed with what the welcome screen shows, and small", () => {
    expect(name).not.toBe("");
    expect(description.endsWith(".")).toBe(true);
    expect(statSync(folder + file).size).toBeLessThan(largestBytes);
  });

  test("imports whole, with nothing to complain of that was not in what was recorded", async () => {
    const trace = await importSample(file);
    assertSealed(trace);
    const told = toldOf[id] ?? [];
    expect(trace.meta.ledger).toMatchObject({ outcome: told.length === 0 ? "ok" : "notes", dropped: [] });
    // Profilers write spans when they end, so starts are out of order in the file.
    expect(trace.meta.ledger.notes.map((note) => note.code).filter((code) => code !== "inversions")).toEqual(told);
  });

  test("names no user, machine or folder", () => {
    const bytes = readFileSync(folder + file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work|mnt)\//);
    expect(text).not.toMatch(/hostname|"user"/i);
  });
});

test("every sample file is listed once", () => {
  const files = readdirSync(folder).filter((file) => file.includes(".json") && file !== "samples.json");
  expect(samples.map((sample) => sample.file).toSorted()).toEqual(files.toSorted());
});

test("the simulated samples are what their generators write", () => {
  expect(gunzipSync(readFileSync(`${folder}training-step-gpu.pt.trace.json.gz`)).toString("utf8")).toBe(
    makeTrainingStep(),
  );
  for (const side of ["before", "after"] as const)
    expect(gunzipSync(readFileSync(`${folder}training-${side}.pt.trace.json.gz`)).toString("utf8")).toBe(
      makeTrainingStep(loaderChange[side]),
    );
  expect(readFileSync(`${folder}pipeline-counters.json`, "utf8")).toBe(makePipelineCounters());
});

test("a pair names a sample that there is", () => {
  for (const { pair } of samples) if (pair !== undefined) expect(samples.map(({ id }) => id)).toContain(pair);
  expect(samples.filter(({ pair }) => pair !== undefined)).toHaveLength(2);
});

test("the recorded pair has the same kernels, launched one by one and as a graph", async () => {
  const counts = await Promise.all(
    ["eager", "cuda-graph"].map(async (mode) => {
      const trace = await importSample(`student-${mode}.pt.trace.json.gz`);
      const countOf = (wanted: (name: string) => boolean): number =>
        Array.from(trace.spans.name, (name) => textOf(trace.strings, name)).filter(wanted).length;
      const { kinds } = sumSpans(trace);
      return {
        steps: kinds.find(({ kind }) => kind === "step")?.count,
        launches: countOf((name) => name.includes("LaunchKernel")),
        graphs: countOf((name) => name === "cudaGraphLaunch"),
        kernels: kinds.find(({ kind }) => kind === "kernel")?.count,
      };
    }),
  );
  expect(counts).toEqual([
    { steps: 5, launches: 2080, graphs: 0, kernels: 2080 },
    { steps: 5, launches: 0, graphs: 5, kernels: 2080 },
  ]);
});

test("the training sample has six steps on host and device, and each kernel its launch", async () => {
  const trace = await importSample("training-step-gpu.pt.trace.json.gz");
  const index = createTraceIndex(trace);
  const partners = runSliced(createPartnerIndex(trace));
  const names = [...index.steps()].map((span) => textOf(trace.strings, trace.spans.name[span]));
  expect(new Set(names)).toEqual(new Set([3, 4, 5, 6, 7, 8].map((step) => `ProfilerStep#${step}`)));
  expect(kindsOf(trace)).toEqual(
    expect.arrayContaining([
      "step",
      "phase",
      "op",
      "launch",
      "kernel",
      "hostToDevice",
      "deviceToHost",
      "sync",
      "collective",
    ]),
  );
  const streams = trace.tracks.filter((track) => track.kind === "stream" && track.spanCount > 0);
  expect(streams).toHaveLength(3);
  for (const { firstSpan, spanCount } of streams) {
    for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
      if (linkOf(trace.spans, span) !== 0)
        expect(findLinks(partners, span, 10).links.filter((link) => link.direction === "in")).toHaveLength(1);
    }
  }
});

test("the pipeline sample has counters, flows, instants and overlapping requests", async () => {
  const trace = await importSample("pipeline-counters.json");
  expect(trace.counters.length).toBeGreaterThan(100);
  expect(trace.flows.length).toBeGreaterThan(100);
  expect(trace.instants.length).toBeGreaterThan(3);
  expect(trace.tracks.some((track) => track.kind === "async")).toBe(true);
});

test("the ONNX Runtime sample nests nodes in their runs", async () => {
  const trace = await importSample("onnxruntime-run.json.gz");
  expect(trace.meta.format).toBe("onnxruntime-json");
  expect(
    Math.max(...Array.from({ length: trace.spans.length }, (_, span) => trace.spans.depth[span])),
  ).toBeGreaterThanOrEqual(2);
});
