import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kindOfEvent, kindOnXlaLine, xlaLineOf } from "../../../traces/importers/chrome/kinds.ts";
import { importers } from "../../../traces/importers/registry.ts";
import { spanKindNames } from "../../../traces/model/span-kind.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { importContent, importEvents } from "./import-text.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

describe("registry", () => {
  it("holds every format once, under its file name", () => {
    const files = readdirSync(join(import.meta.dirname, "../../../traces/importers/formats")).map((file) =>
      file.replace(".ts", ""),
    );
    expect(importers.map((importer) => importer.id).toSorted()).toEqual(files.toSorted());
  });
});

describe("kinds", () => {
  it.each([
    ["cpu_op", "aten::add", "op"],
    ["Operator", "ProfilerStep#5", "step"],
    ["user_annotation", "ProfilerStep#12", "step"],
    ["gpu_user_annotation", "ProfilerStep#12", "phase"],
    ["user_annotation", "Optimizer.step#SGD.step", "phase"],
    ["cpu_op", "enumerate(DataLoader)#_MultiProcessingDataLoaderIter.__next__", "io"],
    ["kernel", "void gemm<float>()", "kernel"],
    ["Kernel", "ncclKernel_AllReduce_RING", "collective"],
    ["gpu_memcpy", "Memcpy HtoD (Pageable -> Device)", "hostToDevice"],
    ["Memcpy", "Memcpy DtoH (Device -> Pinned)", "deviceToHost"],
    ["gpu_memcpy", "Memcpy DtoD (Device -> Device)", "deviceToDevice"],
    ["gpu_memcpy", "Memcpy PtoP (Device -> Device)", "deviceToDevice"],
    ["gpu_memcpy", "CopyHostToDevice", "hostToDevice"],
    ["gpu_memset", "Memset (Device)", "deviceToDevice"],
    ["cuda_runtime", "cudaLaunchKernel", "launch"],
    ["cuda_driver", "cuLaunchKernelEx", "launch"],
    ["Runtime", "cudaMemcpyAsync", "launch"],
    ["cuda_runtime", "hipExtModuleLaunchKernel", "launch"],
    ["cuda_runtime", "cudaStreamSynchronize", "sync"],
    ["cuda_runtime", "cudaDeviceSynchronize", "sync"],
    ["cuda_runtime", "cudaEventQuery", "other"],
    ["cuda_sync", "Stream Wait Event", "sync"],
    ["Trace", "PyTorch Profiler (0)", "other"],
    ["python_function", "train.py(3): step", "other"],
    ["v8", "v8.compile", "compile"],
    ["cpu_op", "Torch-Compiled Region: 0/0", "op"],
    ["cpu_op", "CompiledFunctionBackward", "op"],
    [null, "backend_compile", "compile"],
    [null, "anything", "other"],
  ])("of category %s, %s is %s", (category, name, kind) => {
    expect(spanKindNames[kindOfEvent(category, name)]).toBe(kind);
  });

  it.each([
    ["Steps", "3", "step"],
    ["XLA Modules", "jit_step(123)", "phase"],
    ["XLA Ops", "fusion.12", "kernel"],
    ["XLA Ops", "all-reduce.3", "collective"],
    ["Async XLA Ops", "copy-start.1", "deviceToDevice"],
    ["Stream #16(Kernel)", "gemm", "kernel"],
    ["Stream #15(MemcpyH2D)", "MemcpyH2D", "hostToDevice"],
    ["_counters_", "x", "other"],
  ])("on the XLA line %s, %s is %s", (line, name, kind) => {
    expect(spanKindNames[kindOnXlaLine(xlaLineOf(line), name)]).toBe(kind);
  });
});

describe("PyTorch profiler", () => {
  const events = [
    { ph: "M", pid: 77, name: "process_name", args: { name: "python" } },
    { ph: "M", pid: 77, name: "process_labels", args: { labels: "CPU" } },
    { ph: "M", pid: 0, name: "process_name", args: { name: "python" } },
    { ph: "M", pid: 0, name: "process_labels", args: { labels: "GPU 0" } },
    { ph: "M", pid: 1, name: "process_name", args: { name: "python" } },
    { ph: "M", pid: 1, name: "process_labels", args: { labels: "GPU 1" } },
    { ph: "M", pid: 0, tid: 7, name: "thread_name", args: { name: "stream 7 " } },
    { ph: "M", pid: 77, tid: 77, name: "thread_name", args: { name: "thread 77 (python)" } },
    { ph: "X", cat: "kernel", name: "k", pid: 0, tid: 7, ts: 20, dur: 5, args: { correlation: 3 } },
    { ph: "f", cat: "ac2g", name: "ac2g", id: 3, pid: 0, tid: 7, ts: 20, bp: "e" },
    { ph: "X", cat: "kernel", name: "cut", pid: 0, tid: 7, ts: 30, dur: 5, args: { correlation: 4 } },
    {
      ph: "X",
      cat: "cuda_runtime",
      name: "cudaLaunchKernel",
      pid: 77,
      tid: 77,
      ts: 10,
      dur: 2,
      args: { correlation: 3 },
    },
    { ph: "s", cat: "ac2g", name: "ac2g", id: 3, pid: 77, tid: 77, ts: 10 },
    { ph: "X", cat: "Trace", name: "PyTorch Profiler (0)", pid: "Spans", tid: "PyTorch Profiler", ts: 0, dur: 50 },
  ];
  const secrets = {
    username: "MARKER-user",
    host_name: "MARKER-host",
    traceName: "/home/MARKER/x.json",
    INFO: ["MARKER"],
    tw_job: "MARKER",
    metadata: { env: "MARKER", "user-agent": "MARKER" },
  };

  it("shows the host above the devices, launches linked to kernels, frames last", async () => {
    const content = {
      schemaVersion: 1,
      deviceProperties: [{ id: 0, name: "NVIDIA H100", totalGlobalMem: 2 ** 36, computeMajor: 9, computeMinor: 0 }],
      distributedInfo: { rank: 3, world_size: 8, backend: "nccl" },
      traceEvents: events,
    };
    const trace = await importContent(JSON.stringify(content));
    expect(trace.meta).toMatchObject({
      formatLabel: "PyTorch profiler (Kineto)",
      facts: [
        ["trace schema", "1"],
        ["GPU 0", "NVIDIA H100, 64.0 GiB, compute 9.0"],
        ["rank", "3"],
        ["world size", "8"],
        ["distributed backend", "nccl"],
      ],
    });
    const roots = trace.tracks.filter((track) => track.parent === null).toSorted((a, b) => a.sortIndex - b.sortIndex);
    const onScreen = roots.flatMap((root) => [root, ...trace.tracks.filter((track) => track.parent === root.id)]);
    expect(onScreen.map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
      ["process", "python 77 · CPU", "pid 77"],
      ["thread", "thread 77 (python)", "tid 77"],
      ["device", "GPU 0", "pid 0 · NVIDIA H100"],
      ["stream", "stream 7", "stream 7"],
      ["process", "Spans", "pid Spans"],
      ["frame", "PyTorch Profiler", "tid PyTorch Profiler"],
    ]);
    expect(dumpTrace(trace)).toContain("flow ac2g cudaLaunchKernel@10000..12000 -> k@20000..25000");
    expect(trace.meta.ledger.notes.find((line) => line.code === "gpuWithoutLaunch")?.count).toBe(1);
  });

  it("shows what the profiler itself took below the program", async () => {
    const overhead = { ph: "X", cat: "overhead", name: "Activity Buffer Request", pid: -1, tid: 0, ts: 12, dur: 2 };
    const tracksOf = async (head: object): Promise<readonly string[]> => {
      const { tracks } = await importContent(JSON.stringify({ ...head, traceEvents: [overhead, ...events] }));
      const roots = tracks.filter(({ parent }) => parent === null).toSorted((a, b) => a.sortIndex - b.sortIndex);
      return roots.map(({ name }) => name);
    };
    expect(await tracksOf({ schemaVersion: 1 })).toEqual(["python 77 · CPU", "GPU 0", "profiler overhead", "Spans"]);
    expect(await tracksOf({})).toEqual(["process -1", "python 77 · CPU", "GPU 0", "Spans"]);
  });

  it("keeps hosts, users, jobs, paths and program output out of everything", async () => {
    const trace = await importContent(
      JSON.stringify({
        ...secrets,
        traceEvents: events,
        ...Object.fromEntries(Object.entries(secrets).map(([key, value]) => [`x_${key}`, value])),
      }),
    );
    const everything = JSON.stringify([trace.meta, textsOf(trace.strings), trace.tracks], (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(everything).not.toContain("MARKER");
  });

  it("tells Unix time by the base, or by a clock of epoch microseconds", async () => {
    const based = await importContent(JSON.stringify({ baseTimeNanoseconds: 5, traceEvents: events }));
    expect(based.meta.originUnixNs).toBe(5n);
    const epoch = await importContent(
      '{"schemaVersion":1,"traceEvents":[{"ph":"X","ts":1712195495406757.723,"dur":1,"name":"a"}]}',
    );
    expect(epoch.meta.originUnixNs).toBe(1712195495406757723n);
    const uptime = await importEvents([{ ph: "X", ts: 1712195495406757, dur: 1, name: "a" }]);
    expect(uptime.meta.originUnixNs).toBeUndefined();
  });
});

describe("Chrome DevTools", () => {
  it("tells of the recording what it knows, and nothing else of the metadata", async () => {
    const metadata = { source: "DevTools", startTime: "2026-01-02T03:04:05Z", cpuThrottling: 4, "os-name": "MARKER" };
    const traceEvents = [{ ph: "X", name: "a", pid: 1, tid: 1, ts: 1, dur: 1 }];
    const { meta } = await importContent(JSON.stringify({ metadata, traceEvents }));
    expect(meta.producer).toBe("Chrome DevTools");
    expect(meta.facts).toEqual([
      ["recorded", "2026-01-02T03:04:05Z"],
      ["CPU throttling", "4"],
    ]);
    const other = await importContent(JSON.stringify({ metadata: { ...metadata, source: "else" }, traceEvents }));
    expect(other.meta.facts).toEqual([]);
  });
});

describe("XLA", () => {
  it("makes devices of device planes and streams of their lines", async () => {
    const trace = await importContent(
      JSON.stringify({
        displayTimeUnit: "ns",
        metadata: { "highres-ticks": true },
        traceEvents: [
          { ph: "M", pid: 3, name: "process_name", args: { name: "/device:TPU:0" } },
          { ph: "M", pid: 3, tid: 2, name: "thread_name", args: { name: "XLA Ops" } },
          { ph: "M", pid: 701, name: "process_name", args: { name: "/host:CPU" } },
          {
            ph: "X",
            pid: 3,
            tid: 2,
            ts: 903473.94499999995,
            dur: 1.3360000000000001,
            name: "fusion.1",
            args: { device_duration_ps: "1336000" },
          },
          { ph: "X", pid: 701, tid: 5, ts: 903470, dur: 10, name: "$train.py:3 step" },
          {},
        ],
      }),
    );
    expect(trace.meta.formatLabel).toBe("JAX / XLA trace");
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "device TPU:0
      stream XLA Ops
        fusion.1 kernel @3945 +1336 self 1336
      process /host:CPU 701
      thread thread 5
        $train.py:3 step other @0 +10000 self 10000"
    `);
  });
});
