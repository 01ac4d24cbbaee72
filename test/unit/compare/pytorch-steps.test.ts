import { describe, expect, it } from "vitest";
import { advise } from "../../../traces/advise/advise.ts";
import { compareTraces } from "../../../traces/compare/compare-traces.ts";
import type { ComparisonOptions } from "../../../traces/compare/comparison.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { pytorchSteps, type PytorchMode } from "../../fixtures/pytorch-steps.ts";
import { importContent } from "../importers/import-text.ts";

const options: ComparisonOptions = { tolerance: 0.05, alpha: 0.05, resamples: 100, allowIncomparable: false };

function side(trace: Trace): SideInput {
  const part = { key: "0", fileName: "a.json", trace, startNs: -Infinity, endNs: Infinity };
  return { label: "", parts: [part], itemsPerStep: null };
}

async function compare(before: PytorchMode, after: PytorchMode) {
  const sides = [side(await importContent(pytorchSteps(before))), side(await importContent(pytorchSteps(after)))];
  return runSliced(compareTraces(sides[0], sides[1], options));
}

function streamOf(trace: Trace) {
  const stream = trace.tracks.find(({ kind }) => kind === "stream");
  if (stream === undefined) throw new Error("no stream");
  return stream;
}

describe("steps of PyTorch on a GPU", () => {
  it("bind one launch of a graph to all of its kernels", async () => {
    const trace = await importContent(pytorchSteps("cuda-graph"));
    const { firstSpan, spanCount } = streamOf(trace);
    const kernels = Array.from({ length: spanCount }, (_, i) => firstSpan + i).filter(
      (span) => trace.spans.kind[span] === SpanKind.kernel,
    );
    expect(kernels).toHaveLength(6 * 24);
    expect(trace.flows.length).toBe(6 * 24);
  });

  it("count a stream as busy while it works, not while an annotation lies over it", async () => {
    const trace = await importContent(pytorchSteps("eager"));
    expect(sumSpans(trace).busyNs[streamOf(trace).id]).toBe(6 * 24 * 2000);
  });

  it("leave the time in which a device stands still to nobody", async () => {
    const comparison = await compare("eager", "cuda-graph");
    const { rows } = runSliced(
      comparison.rows({
        metric: "self",
        per: "step",
        sort: "absDelta",
        descending: true,
        search: "",
        significantOnly: false,
        minDeltaNs: 0,
        first: 0,
        count: 1000,
      }),
    );
    const annotation = rows.find(({ path }) => path[0] === "device 0" && path.length === 2);
    expect(annotation).toMatchObject({ before: { selfNs: 0 }, after: { selfNs: 0 } });
  });

  it("tell what the backward pass does while the thread of the steps waits for it", async () => {
    const { waterfall, breakdown, headline } = (await compare("eager", "cuda-graph")).summary;
    expect(breakdown.map(({ id }) => id)).toContain("Between operations");
    // Per step: 24 operations of 20 µs, of which 5 µs launch and 2 µs a kernel runs.
    const operations = breakdown.find(({ id }) => id === "Host operations");
    expect(operations?.beforeNs).toBeCloseTo(24 * 13_000, 0);
    const labels = waterfall.bars.map(({ label }) => label);
    expect(labels).toContain("ProfilerStep outside of its spans");
    expect(headline.causes.join()).toMatch(/Launching: faster, −80\.0\sµs per step/u);
    // One wait a step on both sides, under a kernel or not.
    expect(waterfall.bars.filter(({ label, kind }) => label === "cudaDeviceSynchronize" && kind === "count")).toEqual(
      [],
    );
  });

  it("compare fused kernels, and refuse more of the same", async () => {
    const fused = (await compare("eager", "compile")).summary;
    expect(fused.headline.sentence).toMatch(/step time fell 77\.5\s%/u);
    expect(fused.comparability.checks.find(({ id }) => id === "work")).toMatchObject({
      grade: "C",
      before: "24.0 device operations",
      after: "3.0 device operations",
    });
    const twice = pytorchSteps("cuda-graph").replaceAll("cudaGraphLaunch", "launch");
    const half = JSON.parse(twice) as { traceEvents: { cat?: string }[] };
    let kernels = 0;
    half.traceEvents = half.traceEvents.filter(({ cat }) => cat !== "kernel" || kernels++ % 3 === 0);
    const sides = [side(await importContent(twice)), side(await importContent(JSON.stringify(half)))];
    const refused = runSliced(compareTraces(sides[0], sides[1], options)).summary;
    expect(refused.headline.refusal).toMatch(/more than twice the work of the other/u);
  });

  it("starve a device by launches one by one, forward and backward, and by what a graph's launch takes", async () => {
    const found = async (mode: PytorchMode) =>
      runSliced(advise(await importContent(pytorchSteps(mode)))).findings.map(({ rule, sentence }) => [rule, sentence]);
    const eager = await found("eager");
    expect(eager.map(([rule]) => rule)).toEqual(["R09", "R03"]);
    // 24 operations of 20 µs, less 2 µs each in which their kernel runs.
    expect(eager[1][1]).toMatch(/stands still for 432\sµs of a step \(54\.0\s%\).*within 1\.00\sµs\.$/u);
    const graph = await found("cuda-graph");
    // The kernels of a graph wait for each other, not in a queue, and follow each other as soon as any can.
    expect(graph.map(([rule]) => rule)).toEqual(["R03"]);
    expect(graph[0][1]).toMatch(/half of all launches start their work within 1\.00\sµs\.$/u);
  });
});
