import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { nsightSqlite } from "../../../traces/importers/formats/nsight-sqlite.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { checkImport } from "../../fixtures/check-import.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { makeDatabase } from "../../fixtures/nsight/make-database.ts";
import { sampleDrafts } from "../../fixtures/nsight/training-database.ts";
import { contextFor } from "./import-text.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

const folder = join(import.meta.dirname, "../../fixtures/nsight");
const readSample = (name: string): Uint8Array => readFileSync(join(folder, name));

async function importDatabase(bytes: Uint8Array): Promise<Trace> {
  const trace = await importFile(memorySource(bytes), {
    builder: createTraceBuilder(),
    context: contextFor("run.sqlite"),
  });
  assertSealed(trace);
  return trace;
}

describe("Nsight Systems database", () => {
  it("reads a training run", async () => {
    expect(await checkImport("training.sqlite", readSample("training.sqlite"), "nsight-sqlite")).toMatchInlineSnapshot(`
      "process python3 100
      thread trainer 100
        step 0 step @3000 +62000 self 13000
          forward phase @4000 +9000 self 6000
            cudaLaunchKernel launch @5000 +2000 self 2000 link 1
            cudaMemcpyAsync launch @9000 +1000 self 1000 link 2
          cudaStreamSynchronize sync @15000 +40000 self 40000 link 3
        read io @67000 +8000 self 8000
        graph node other @95000 +1000 self 1000
        step 1 step @100000 +65000 self 36000
          optimizer step 1 phase @101000 +24000 self 14000
            step 1 of the solver phase @102000 +10000 self 6000
              cudaLaunchKernel launch @105000 +2000 self 2000 link 4
              cudaGraphLaunch launch @108000 +1000 self 1000 link 5
              cudaMemsetAsync launch @110000 +1000 self 1000 link 6
          (no name) phase @160000 +5000 self 5000 open
        ! checkpoint @20000
      process python3 200
      thread worker 201
        cuLaunchKernel launch @6000 +2000 self 1000 link 4294967295
          allreduce phase @7000 +1000 self 1000
      device GPU 0 · NVIDIA Test 100
      stream stream 7
        ampere_sgemm_128x64_nn kernel @0 +3000 self 3000 link 77
        ampere_sgemm_128x64_nn kernel @11000 +24000 self 24000 link 1
        <string 555> kernel @36000 +1000 self 1000
        Memcpy HtoD hostToDevice @38000 +12000 self 12000 link 2
        ampere_sgemm_128x64_nn kernel @113000 +22000 self 22000 link 4
        CUDA graph 3 kernel @136000 +8000 self 8000 link 5
        Memset deviceToDevice @145000 +1000 self 1000 link 6
        ! CUDA event 9 @37000
      device GPU 1 · NVIDIA Test 100
      stream stream 7
        ncclDevKernel_AllReduce_Sum collective @13000 +12000 self 12000 link 4294967295
      async CUDA synchronization
        Stream synchronize sync @16000 +38000 self 38000 link 3
      async NVTX ranges
        prefetch phase @10000 +145000 self 145000
      async NVTX on stream 7
        step 0 phase @11000 +39000 self 0
          forward phase @11000 +39000 self 39000
        step 1 phase @113000 +33000 self 0
          optimizer step 1 phase @113000 +33000 self 0
            step 1 of the solver phase @113000 +33000 self 33000
      async processors of trainer 100
        on processor 3 other @2000 +83000 self 83000
        on processor 5 other @90000 +75000 self 75000 open
      thread samples of trainer 100
        main other @5000 +30000 self 10000
          compute other @5000 +20000 self 20000
      counter SMs Active [Throughput %]
        # @5000 = 20
        # @15000 = 80
      counter metric 2
        # @15000 = 7"
    `);
  });

  it("reads an export of 2020", async () => {
    expect(await checkImport("old.sqlite", readSample("old-export.sqlite"), "nsight-sqlite")).toMatchInlineSnapshot(`
      "process process 77
      thread thread 78
        iteration 1 step @0 +5500 self 2500
          cudaLaunchKernel launch @500 +2000 self 2000 link 1
          cudaLaunchKernel launch @3500 +1000 self 1000 link 2
      device GPU 0 · Tesla Test
      stream stream 13
        saxpy kernel @3000 +10000 self 10000 link 1
        saxpy kernel @13000 +10000 self 10000 link 2
      async NVTX on stream 13
        iteration 1 phase @3000 +20000 self 20000"
    `);
  });

  it.each(Object.entries(sampleDrafts))("%s is what its generator makes", async (name, draft) => {
    const bytes = await makeDatabase(draft);
    if (process.env["WRITE_SAMPLES"] === "1") writeFileSync(join(folder, name), bytes);
    const made = await importDatabase(bytes);
    expect(dumpTrace(made)).toBe(dumpTrace(await importDatabase(readSample(name))));
  });

  it("says what it read and what it passed over", async () => {
    const { meta } = await importDatabase(readSample("training.sqlite"));
    expect(meta.producer).toBe("Nsight Systems 2026.2.1.210");
    expect(meta.originUnixNs).toBe(1_779_782_330_176_752_435n + 5000n);
    expect(meta.facts).toMatchInlineSnapshot(`
      [
        [
          "export schema",
          "3.25.0",
        ],
        [
          "GPU 0",
          "NVIDIA Test 100, 108 multiprocessors, 40.0 GB, compute capability 8.0",
        ],
        [
          "GPU 1",
          "NVIDIA Test 100, 108 multiprocessors, 40.0 GB, compute capability 8.0",
        ],
        [
          "profiler's own work",
          "2.00 µs in all, periods: 1",
        ],
        [
          "profiler's messages",
          "warnings: 1",
        ],
      ]
    `);
    expect(meta.ledger.dropped).toEqual([]);
    expect(meta.ledger.notes.map(({ code, count }) => `${code} ${count}`)).toMatchInlineSnapshot(`
      [
        "missingStrings 1",
        "kernelsWithoutLaunch 2",
        "cudaEventsWithoutTime 1",
        "withoutName 1",
        "openEnded 1",
        "schedulingOutAlone 1",
        "samplesWithoutStack 1",
        "foreignNames 2",
        "notShown VULKAN_API 1",
      ]
    `);
  });

  it("reads the row of a selected span, names resolved", async () => {
    const bytes = readSample("training.sqlite");
    const trace = await importDatabase(bytes);
    const reader = await nsightSqlite.openArguments?.(memorySource(bytes));
    const argsOf = async (name: string): Promise<Readonly<Record<string, string>>> => {
      const span = textsOf(trace.strings).indexOf(name);
      const index =
        Array.from({ length: trace.spans.length }, (_, i) => i).find((i) => trace.spans.name[i] === span) ?? -1;
      const offset = sourceOffsetOf(trace.spans, index);
      const read = await reader?.read({ offset, name, endOffset: null });
      return Object.fromEntries(read?.args ?? []);
    };
    expect(await argsOf("ncclDevKernel_AllReduce_Sum")).toMatchObject({
      table: "CUPTI_ACTIVITY_KIND_KERNEL, row 2",
      start: "18000",
      globalPid: "pid 200",
      gridX: "24",
      blockX: "512",
      shortName: "ncclDevKernel_AllReduce_Sum",
    });
    expect(await argsOf("Memcpy HtoD")).toMatchObject({
      copyKind: "1 (host to device)",
      srcKind: "0 (pageable)",
      bytes: "4096",
    });
    expect(await argsOf("forward")).toMatchObject({
      jsonText: '{"layer":3}',
      textId: "forward",
      globalTid: "pid 100, tid 100",
    });
    reader?.close();
  });
});
