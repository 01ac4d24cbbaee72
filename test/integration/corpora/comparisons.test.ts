import { assert, describe, expect, it, vi } from "vitest";
import { noArguments } from "../../../traces/advise/inputs.ts";
import { compareTraces, type Comparison } from "../../../traces/compare/compare-traces.ts";
import type { ComparisonOptions, DeltaMetric, DeltaRow } from "../../../traces/compare/comparison.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { collectReport } from "../../../traces/report/collect-report.ts";
import { renderReport } from "../../../traces/report/render-report.ts";
import { corpusPath, hasCorpora, importPath, skipNote } from "./corpora.ts";

// Real files take a second or two each, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const options: ComparisonOptions = { tolerance: 0.05, alpha: 0.05, resamples: 500, allowIncomparable: false };

async function side(format: string, file: string): Promise<SideInput> {
  const trace = await importPath(corpusPath(format, file));
  return {
    label: "",
    itemsPerStep: null,
    parts: [{ key: file, fileName: file, trace, startNs: -Infinity, endNs: Infinity }],
  };
}

async function compare(format: string, before: string, after: string): Promise<Comparison> {
  return runSliced(compareTraces(await side(format, before), await side(format, after), options));
}

function rowsOf(comparison: Comparison, metric: DeltaMetric, search = ""): readonly DeltaRow[] {
  return runSliced(
    comparison.rows({
      metric,
      per: "step",
      sort: "absDelta",
      descending: true,
      search,
      significantOnly: false,
      minDeltaNs: 0,
      first: 0,
      count: Infinity,
    }),
  ).rows;
}

const kernelsOf = (comparison: Comparison, search = "") =>
  comparison.kernels({ sort: "absDelta", descending: true, search, first: 0, count: 1000 });

describe.skipIf(!hasCorpora)(`real pairs${skipNote}`, () => {
  it("finds the data loader of ResNet-50: 0 workers → 4", async () => {
    const comparison = await compare(
      "kineto",
      "kineto_resnet50_workers0_span1.pt.trace.json.gz",
      "kineto_resnet50_workers4_span1.pt.trace.json.gz",
    );
    const { headline, breakdown, waterfall, workWaterfall, exampleSteps } = comparison.summary;
    const { estimate } = headline;
    assert(estimate !== null && workWaterfall !== null);
    expect(Math.round(estimate.before.mean / 1e3)).toBe(177_592);
    expect(Math.round(estimate.after.mean / 1e3)).toBe(141_068);
    expect(estimate.direction).toBe("faster");
    // All six steps of each side are kept: the means are those of every ProfilerStep.
    expect([estimate.before.n, estimate.after.n]).toEqual([6, 6]);
    expect(Math.round((headline.meanShift?.shift ?? 0) / 1e3)).toBe(141_068 - 177_592);
    expect(headline.meanShift?.interval?.[1]).toBeLessThan(0);
    expect(headline.causes[0]).toMatch(/^Input and output: faster/);
    const loader = breakdown.find(({ id }) => id === "Input and output");
    assert(loader !== undefined);
    expect([loader.beforeNs, loader.afterNs].map((ns) => Math.round(ns / 1e3))).toEqual([59_262, 1186]);
    // The other tool calls the share of the kernels utilization: 55.51 → 70.27 %.
    const kernelTime = breakdown.find(({ id }) => id === "Kernels");
    assert(kernelTime !== undefined);
    expect(kernelTime.beforeNs / estimate.before.mean).toBeCloseTo(0.5551, 4);
    expect(kernelTime.afterNs / estimate.after.mean).toBeCloseTo(0.7028, 3);
    expect(Math.abs(workWaterfall.residualNs)).toBeLessThan(1);
    expect(Math.abs(waterfall.residualNs)).toBeLessThan(1);
    const step5 = exampleSteps.find((step) => step.side === "before" && step.which === "longest");
    const parts = new Map(step5?.parts.map(({ id, ns }) => [id, ns / 1e3]));
    expect(step5?.durationNs).toBe(187_948_000);
    expect(parts.get("Kernels")).toBe(98_598);
    expect(parts.get("Copies")).toBe(1941 + 90);
    const kernels = kernelsOf(comparison);
    expect(kernels.before).toMatchObject({ names: 67, totalNs: 591_532_000 });
    expect(kernels.after).toMatchObject({ names: 62, totalNs: 594_868_000 });
    const top = kernelsOf(comparison, "dgrad_engine").rows.find(({ before }) => before?.totalNs === 80_756_000);
    expect(top).toMatchObject({ before: { count: 162 }, after: { count: 180, totalNs: 86_855_000 } });
  });

  it("gives no verdict on two windows of the same length, and the kernels as they are", async () => {
    const comparison = await compare("nsys", "nsysai_mfu_2gpu_before.sqlite", "nsysai_mfu_2gpu_after.sqlite");
    const { headline, before } = comparison.summary;
    expect(before.stepRule).toBe("whole");
    expect(headline.estimate).toBeNull();
    expect(headline.refusal).toContain("windows of the same length without a complete step");
    const kernels = kernelsOf(comparison);
    expect([kernels.before.totalNs, kernels.after.totalNs]).toEqual([535_200_650, 488_835_406]);
    const [flash] = kernelsOf(comparison, "flash_fwd").rows;
    expect(flash).toMatchObject({
      before: { count: 68, totalNs: 272_317_378 },
      after: { count: 60, totalNs: 240_755_667 },
    });
    // Fewer calls, not faster ones: 4.005 → 4.013 ms each.
    expect(flash?.speedEffectNs).toBeGreaterThan(0);
    expect(flash?.countEffectNs).toBeLessThan(-31e6);
    const [sendReceive] = kernelsOf(comparison, "SendRecv").rows;
    expect(sendReceive).toMatchObject({
      before: { count: 66, totalNs: 25_401_752 },
      after: { count: 62, totalNs: 33_742_101 },
    });
    const copies = kernelsOf(comparison).rows.filter(({ name }) => name === "Memcpy DtoD");
    const count = (which: "before" | "after") => copies.reduce((sum, row) => sum + (row[which]?.count ?? 0), 0);
    expect([count("before"), count("after")]).toEqual([986, 872]);
  });

  it("shows an exchange of kernels as an exchange, and a change inside the tolerance as none", async () => {
    const comparison = await compare(
      "jaxjson",
      "jax_tpu_2026_01_11_21_26_41.trace.json.gz",
      "jax_tpu_2026_01_12_00_26_20.trace.json.gz",
    );
    expect(comparison.summary.headline.estimate?.verdict).not.toBe("improved");
    const modules = rowsOf(comparison, "total").filter(({ path }) => path[0] === "device 0 XLA Modules");
    const sum = (which: "before" | "after") => modules.reduce((total, row) => total + (row[which]?.totalNs ?? 0), 0);
    expect(Math.abs(sum("before") / 67_231_564 - 1)).toBeLessThan(0.001);
    expect(Math.abs(sum("after") / 65_876_689 - 1)).toBeLessThan(0.001);
    expect(modules.every(({ estimate }) => estimate?.verdict !== "improved")).toBe(true);
    const { counts, waterfall } = comparison.summary;
    expect(counts.onlyAfter).toBeGreaterThan(10);
    expect(waterfall.bars.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["onlyBefore", "onlyAfter"]));
  });

  it("names the copies of a resharded training run, per step", async () => {
    const comparison = await compare("kineto", "hta_trace_diff_control.json.gz", "hta_trace_diff_test.json.gz");
    const copies = rowsOf(comparison, "total", "Memcpy DtoD").find(({ path }) => path.length === 2);
    expect(copies?.before?.count).toBe(3);
    expect(copies?.after?.count).toBe(768);
    expect(copies?.countEffectNs).toBeGreaterThan(60e6);
    expect(comparison.summary.headline.causes[0]).toMatch(/^Memcpy DtoD .*more calls/);
    expect(comparison.summary.comparability.grade).toBe("C");
    expect(kernelsOf(comparison).rowCount).toBe(201);
  });

  it("finds what was added to a small trace, and claims nothing from two steps", async () => {
    const comparison = await compare("kineto", "hta_trace_compare_base.json.gz", "hta_trace_compare_test.json.gz");
    const rows = rowsOf(comparison, "total");
    const added = rows.filter(({ before }) => before === null).map(({ path }) => path.at(-1));
    expect(added.toSorted((x = "", y = "") => (x < y ? -1 : 1))).toEqual([
      "AddmmBackward0",
      "All2All_Pooled_Req",
      "CatBackward0",
    ]);
    expect(rows.find(({ path }) => path.at(-1) === "nccl:all_reduce")?.delta).toBe(-33_500);
    expect(comparison.summary.headline.estimate?.verdict).toBe("inconclusive");
    expect(comparison.summary.headline.estimate?.notes.join()).toContain("fewer than 4");
  });

  it("compares captures of one program whose arguments alone differ as equal", async () => {
    const comparison = await compare("kineto", "kineto_before_fix_trace.json", "kineto_after_fix_trace.json");
    expect(comparison.summary.headline.estimate).toMatchObject({ verdict: "equivalent", shift: 0 });
    expect(rowsOf(comparison, "total").every(({ delta }) => delta === 0)).toBe(true);
  });

  it("matches at least 98 % of the time of one program, and leaves warm-up out", async () => {
    const files = ["12-40_385", "12-48_024", "12-58_953"].map((time) => `ort1.30_prof_cpu_2026-11-21_01-${time}.json`);
    const [first = "", second = "", third = ""] = files;
    for (const [a, b] of [
      [first, second],
      [first, third],
      [second, third],
    ] as const) {
      const { before, after, headline } = (await compare("ort", a, b)).summary;
      expect(Math.min(before.coverage, after.coverage)).toBeGreaterThanOrEqual(0.98);
      expect(before.steps[0]?.state).toBe("warmUp");
      // Captures of minutes apart on a shared machine: what is said is said of the captures alone.
      expect(headline.sentence).toMatch(/^Between these two captures/);
    }
  });

  it("writes a report of a typical pair below 1 MB", async () => {
    const comparison = await compare("kineto", "hta_trace_diff_control.json.gz", "hta_trace_diff_test.json.gz");
    const report = runSliced(
      collectReport(comparison, {
        title: "Pair",
        version: "0",
        commandLine: null,
        claims: null,
        scaling: [],
        inputs: { before: noArguments, after: noArguments },
        hiddenSections: [],
      }),
    );
    expect(renderReport(report, "html").text.length).toBeLessThan(1_000_000);
    expect(renderReport(report, "markdown").text.length).toBeLessThan(60_000);
  });
});
