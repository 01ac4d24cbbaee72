import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importFile, importerOf } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { endSourceOf, sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { checkImport } from "../../fixtures/check-import.ts";
import { encode } from "../../fixtures/protobuf/encode.ts";
import { packetOf, traceOf } from "../../fixtures/protobuf/perfetto-samples.ts";
import { samples, samplesFolder, writeSamples } from "../../fixtures/protobuf/write-samples.ts";
import { planeOf, xspaceOf } from "../../fixtures/protobuf/xspace-samples.ts";
import { contextFor } from "./import-text.ts";
import { textOf, textsOf as allTextsOf } from "../../../traces/model/text-table.ts";

if (process.env["UPDATE_SAMPLES"] !== undefined) writeSamples();

const readSample = (name: string): Uint8Array => new Uint8Array(readFileSync(join(samplesFolder, name)));

async function importSample(name: string): Promise<Trace> {
  const builder = createTraceBuilder();
  return await importFile(memorySource(readSample(name)), { builder, context: contextFor(name) });
}

/** Arguments of the spans and instants of a sample by name; of equal names the first one. */
async function argumentsOf(name: string, trace: Trace): Promise<Record<string, Record<string, string>>> {
  const reader = await importerOf(trace.meta.format).openArguments?.(memorySource(readSample(name)));
  const all: Record<string, Record<string, string>> = {};
  for (let span = 0; span < trace.spans.length; span++) {
    const text = textOf(trace.strings, trace.spans.name[span]);
    const place = { offset: sourceOffsetOf(trace.spans, span), name: text, endOffset: endSourceOf(trace.spans, span) };
    const read = await reader?.read(place);
    all[text] ??= Object.fromEntries(read?.args ?? []);
  }
  reader?.close();
  return all;
}

describe("samples", () => {
  it.each(Object.entries(samples))("%s is what its generator writes", (name, make) => {
    expect(Buffer.compare(readSample(name), make())).toBe(0);
    expect(readSample(name).length).toBeLessThan(20_000);
  });
});

describe("XSpace samples", () => {
  it("reads steps, launches and kernels", async () => {
    expect(await checkImport("gpu-steps.xplane.pb", readSample("gpu-steps.xplane.pb"), "xspace"))
      .toMatchInlineSnapshot(`
        "device GPU:0
        stream Stream #16(Kernel)
          gemm_fusion kernel @6010 +50002 self 50002 link 7
          gemm_fusion kernel @106010 +50002 self 50002 link 8
          orphan kernel @300010 +1000 self 1000 link 999
        stream Stream #17(MemcpyH2D)
          MemcpyH2D hostToDevice @2010 +3000 self 3000
        process /host:CPU
        thread main thread
          TrainStep step @0 +90000 self 26000
            cuLaunchKernel launch @5000 +4000 self 4000 link 7
            cuStreamSynchronize sync @20000 +60000 self 60000 link 100
          TrainStep step @100000 +90000 self 26000
            cuLaunchKernel launch @105000 +4000 self 4000 link 8
            cuStreamSynchronize sync @120000 +60000 self 60000 link 101
        flow context cuLaunchKernel@5000..9000 -> gemm_fusion@6010..56012
        flow context cuLaunchKernel@105000..109000 -> gemm_fusion@106010..156012"
      `);
    const trace = await importSample("gpu-steps.xplane.pb");
    expect(trace.meta).toMatchObject({
      formatLabel: "JAX / XLA profile (XSpace)",
      facts: [["GPU:0", "Test, 108 cores, 40.0 GiB, 1555 GB/s, compute 8.0"]],
      originClockNs: 40_000n,
      originUnixNs: 1_700_000_000_123_496_789n,
    });
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 14, spans: 10, flowEnds: 4, dropped: [] });
    expect(trace.meta.ledger.notes.map(({ code, count }) => [code, count])).toEqual([
      ["rounded", 2],
      ["gpuWithoutLaunch", 1],
    ]);
  });

  it("reads picoseconds, sums, counters and operations that overlap", async () => {
    expect(await checkImport("tpu-ops.xplane.pb", readSample("tpu-ops.xplane.pb"), "xspace")).toMatchInlineSnapshot(`
      "device TPU:0
      stream Async XLA Ops
        copy-start.1 deviceToDevice @0 +9000 self 9000
        copy-start.2 deviceToDevice @4001 +9000 self 9000 lane 1
      stream XLA Ops
        fusion.7 kernel @0 +2 self 2
        fusion.7 kernel @2 +0 self 0
        all-reduce.3 collective @1000 +3 self 3
      stream XLA Modules
        jit_step(42) phase @0 +9000000000000 self 9000000000000
      stream Steps
        12 step @0 +20000 self 20000
      counter HBM read
        # @0 = 1.5
        # @1000 = 7
      process /host:CPU
      thread line 1
        zero other @2000 +0 self 0
        event 2 other @3000 +0 self 0
      flow flow copy-start.1@0..9000 -> all-reduce.3@1000..1003"
    `);
    const { ledger } = (await importSample("tpu-ops.xplane.pb")).meta;
    expect(ledger).toMatchObject({ eventsRead: 14, spans: 9, counterEvents: 2, counterSamples: 2, flowEnds: 2 });
    expect(ledger.dropped.map(({ code, count }) => [code, count])).toEqual([["aggregates", 1]]);
    expect(ledger.notes.map(({ code, count }) => [code, count])).toEqual([
      ["rounded", 6],
      ["zeroDuration", 1],
      ["withoutName", 1],
      ["overlaps", 1],
      ["spilled", 1],
    ]);
  });

  it("reads exact times and stats of single events again", async () => {
    expect(await argumentsOf("gpu-steps.xplane.pb", await importSample("gpu-steps.xplane.pb"))).toMatchInlineSnapshot(`
      {
        "MemcpyH2D": {
          "duration (ps)": "3000000",
          "start (ps)": "42010000",
        },
        "TrainStep": {
          "duration (ps)": "90000000",
          "start (ps)": "40000000",
          "step_num": "0",
        },
        "cuLaunchKernel": {
          "correlation_id": "7",
          "duration (ps)": "4000000",
          "start (ps)": "45000000",
        },
        "cuStreamSynchronize": {
          "correlation_id": "100",
          "duration (ps)": "60000000",
          "start (ps)": "60000000",
        },
        "gemm_fusion": {
          "correlation_id": "7",
          "duration (ps)": "50001500",
          "hlo_module": "jit_train",
          "hlo_op": "fusion.1",
          "kernel_details": "regs:32 grid:8,1,1 block:256,1,1",
          "start (ps)": "46010250",
        },
        "orphan": {
          "correlation_id": "999",
          "duration (ps)": "1000000",
          "start (ps)": "340010000",
        },
      }
    `);
    expect(await argumentsOf("tpu-ops.xplane.pb", await importSample("tpu-ops.xplane.pb"))).toMatchInlineSnapshot(`
      {
        "12": {
          "duration (ps)": "20000000",
          "start (ps)": "1000000",
          "step_num": "12",
        },
        "all-reduce.3": {
          "duration (ps)": "2001",
          "hlo_category": "all-reduce",
          "start (ps)": "2000500",
        },
        "copy-start.1": {
          "duration (ps)": "9000000",
          "start (ps)": "1000400",
        },
        "copy-start.2": {
          "duration (ps)": "9000000",
          "start (ps)": "5000600",
        },
        "event 2": {
          "duration (ps)": "1",
          "start (ps)": "4000000",
        },
        "fusion.7": {
          "duration (ps)": "1000",
          "flops": "12345678901234567",
          "hlo_category": "loop fusion",
          "long name": "%fusion.7 = f32[8,128]{1,0:T(8,128)} fusion(f32[8,128]{1,0:T(8,128)} %p0), kind=kLoop",
          "start (ps)": "1000500",
        },
        "jit_step(42)": {
          "duration (ps)": "9000000000000000",
          "start (ps)": "1000000",
        },
        "zero": {
          "duration (ps)": "0",
          "start (ps)": "3000000",
        },
      }
    `);
  });
});

describe("Perfetto samples", () => {
  it("reads threads, counters, flows, states and instants", async () => {
    expect(await checkImport("threads.pftrace", readSample("threads.pftrace"), "perfetto")).toMatchInlineSnapshot(`
      "counter Residual
        # @1000 = 2
        # @3000 = 0.5
      thread worker 79
        reduce other @6000 +3000 self 3000 link 9
        wait other @11000 +2000 self 2000
        ! tick @7000
        ! woken @12000
      counter queue
        # @11500 = 3
      process solver 77
      async fetch
        fetch other @11000 +3000 self 3000
      thread main 78
        solve other @0 +10000 self 7000
          assemble other @2000 +3000 self 3000
        left open other @20000 +0 self 0 open
      thread Phase
        warm other @0 +8000 self 8000
        hot other @8000 +7000 self 7000
      flow flow solve@0..10000 -> reduce@6000..9000"
    `);
    const trace = await importSample("threads.pftrace");
    expect(trace.meta).toMatchObject({ producer: "Perfetto v44.0-test", originUnixNs: 1_700_000_000_000_005_000n });
    const { ledger } = trace.meta;
    expect(ledger.dropped.map(({ code, message, count }) => [code, message, count])).toEqual([
      ["stateLost", "packets that need names or defaults which are not in the file: earlier packets were lost", 1],
      ["notShown66", "not shown: CPU samples (perf)", 1],
      ["plainPrints", "not shown: kernel prints that are no annotations", 1],
      ["notShownKernel sched_switch", "not shown: kernel events: sched_switch", 1],
      ["endUnmatched", "end events without a begin", 1],
    ]);
    expect(ledger.notes.map(({ code, count }) => [code, count])).toEqual([["openEnded", 1]]);
  });

  it("reads GPU stages and counters, asynchronous work and compressed packets", async () => {
    const name = "gpu-stages.perfetto-trace";
    expect(await checkImport(name, readSample(name), "perfetto")).toMatchInlineSnapshot(`
      "device GPU 0
      stream Queue 3D
        Compute pass kernel @0 +500 self 500
        Compute pass kernel @400 +700 self 700 lane 1
        Copy HostToDevice hostToDevice @2000 +100 self 100
      counter Busy
        # @0 = 12.5
      counter counter 4
        # @0 = 7
      async async net
        request other @100 +200 self 200
        ! sent @200
      thread Batch
        packed other @3000 +1000 self 1000
        ! end @7000"
    `);
    expect((await importSample(name)).meta.ledger.dropped).toEqual([]);
  });

  it("reads annotations and callstacks of single events again", async () => {
    expect(await argumentsOf("threads.pftrace", await importSample("threads.pftrace"))).toMatchInlineSnapshot(`
      {
        "assemble": {},
        "fetch": {},
        "hot": {},
        "left open": {},
        "reduce": {},
        "solve": {
          "callstack[0]": "kernel",
          "callstack[1]": "main",
          "done": "true",
          "note": "a shared text",
          "rank": "18446744073709551615",
          "size": "5",
        },
        "wait": {},
        "warm": {},
      }
    `);
    const name = "gpu-stages.perfetto-trace";
    expect(await argumentsOf(name, await importSample(name))).toMatchInlineSnapshot(`
      {
        "Compute pass": {
          "event_id": "1",
        },
        "Copy HostToDevice": {
          "event_id": "3",
        },
        "packed": {
          "x": "0.25",
        },
        "request": {},
      }
    `);
  });
});

describe("what names a machine or a user", () => {
  const marker = "secret-of-the-user";
  const textsOf = ({ meta, strings, tracks }: Trace): string =>
    JSON.stringify([meta.facts, meta.producer, meta.ledger, allTextsOf(strings), tracks]);

  it("is not read from an XSpace", async () => {
    const named = planeOf({
      name: "/device:GPU:0",
      lines: [
        { id: 1, name: "Stream #1", timestampNs: 1, events: [{ name: "kernel", offsetPs: 0, durationPs: 1000 }] },
      ],
      stats: { hostname: marker, user: marker, core_count: 8 },
    });
    const environment = planeOf({ name: "Task Environment", lines: [], stats: { command_line: marker } });
    const bytes = new Uint8Array([
      ...xspaceOf(named, environment),
      ...encode([
        [2, marker],
        [3, marker],
        [4, marker],
      ]),
    ]);
    const trace = await importFile(memorySource(bytes), { builder: createTraceBuilder(), context: contextFor("x.pb") });
    expect(trace.spans.length).toBe(1);
    expect(textsOf(trace)).not.toContain(marker);
    expect(trace.meta.ledger.notes.map(({ code, count }) => [code, count])).toEqual([
      ["profilerErrors", 1],
      ["profilerWarnings", 1],
    ]);
  });

  it("is not read from a Perfetto trace", async () => {
    const bytes = traceOf(
      packetOf([10, 1], [33, [[2, marker]]], [89, marker]),
      packetOf(
        [10, 1],
        [
          45,
          [
            [4, `Perfetto v1 ${marker}`],
            [
              1,
              [
                [1, marker],
                [2, marker],
              ],
            ],
          ],
        ],
      ),
      packetOf(
        [10, 1],
        [
          2,
          [
            [
              1,
              [
                [1, 9],
                [3, `/bin/other --key=${marker}`],
              ],
            ],
            [
              1,
              [
                [1, 5],
                [3, "/opt/solver"],
                [3, `--token=${marker}`],
              ],
            ],
          ],
        ],
      ),
      packetOf(
        [10, 1],
        [
          60,
          [
            [1, 3],
            [
              3,
              [
                [1, 5],
                [2, `/home/${marker}/solver`],
                [2, `--token=${marker}`],
              ],
            ],
          ],
        ],
      ),
      packetOf(
        [10, 1],
        [8, 5],
        [
          11,
          [
            [9, 3],
            [11, 3],
            [23, "tick"],
          ],
        ],
      ),
    );
    const trace = await importFile(memorySource(bytes), { builder: createTraceBuilder(), context: contextFor("x.pb") });
    expect(trace.tracks.map((track) => track.name)).toEqual(["solver 5"]);
    expect(textsOf(trace)).not.toContain(marker);
  });
});
