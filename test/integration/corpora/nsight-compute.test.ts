import { describe, expect, it } from "vitest";
import type { LaunchTable } from "../../../traces/model/launch-table.ts";
import { corpusPath, hasCorpora, importPath, readExpected, skipNote } from "./corpora.ts";

interface ExpectedResult {
  readonly name: string;
  readonly mangled: string;
  readonly grid: readonly number[];
  readonly block: readonly number[];
  readonly metrics: number;
  readonly threads: number;
  readonly duration_ns: number;
  readonly registers: number;
  readonly sm_pct: number;
  readonly mem_pct: number;
  readonly occupancy_pct: number;
  readonly device: string;
}

async function launchesOf(file: string): Promise<LaunchTable> {
  const { launches } = await importPath(corpusPath("ncu", file));
  if (launches === undefined) throw new Error(`${file} has no kernels`);
  return launches;
}

describe.skipIf(!hasCorpora)(`Nsight Compute reports of the corpora${skipNote}`, () => {
  const reports = readExpected<{ readonly results: readonly ExpectedResult[] }>("ncu").filter(([file]) =>
    file.endsWith(".ncu-rep"),
  );

  it.each(reports)("%s: kernels and their metrics", async (file, { results }) => {
    const { launches, metrics } = await launchesOf(file);
    expect(launches.length).toBe(results.length);
    for (const [index, expected] of results.entries()) {
      const launch = launches[index];
      expect(launch).toMatchObject({
        name: expected.name,
        grid: expected.grid,
        block: expected.block,
        durationNs: expected.duration_ns,
        registersPerThread: expected.registers,
        device: expected.device,
      });
      const [blocks, threads] = [launch.grid, launch.block].map((sizes) =>
        sizes?.reduce((product, size) => product * size, 1),
      );
      expect((blocks ?? 0) * (threads ?? 0)).toBe(expected.threads);
      expect(launch.computeFraction).toBeCloseTo(expected.sm_pct / 100, 12);
      expect(launch.memoryFraction).toBeCloseTo(expected.mem_pct / 100, 12);
      expect(launch.occupancyFraction).toBeCloseTo(expected.occupancy_pct / 100, 12);
      expect(metrics.length).toBe(expected.metrics);
    }
  });

  it("reads the details page of another tool's sample", async () => {
    const trace = await importPath(corpusPath("ncu", "nsightful_copy_blocked.details.csv"));
    const table = trace.launches;
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 83, dropped: [] });
    expect(table?.launches).toMatchObject([
      {
        name: "copy_blocked",
        grid: [1024, 1, 1],
        block: [256, 1, 1],
        durationNs: 21_058_944,
        memoryFraction: expect.closeTo(0.6184, 12) as number,
        occupancyFraction: 0.9626,
      },
    ]);
    const cycles = table?.metrics.findIndex(({ id }) => id === "Elapsed Cycles") ?? -1;
    expect(table?.values[cycles]).toBe(12_319_469);
    const dram = table?.metrics.findIndex(({ id }) => id === "DRAM Throughput") ?? -1;
    expect(table?.values[dram]).toBe(61.84);
  });
});
