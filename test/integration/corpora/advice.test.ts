import { describe, expect, it, vi } from "vitest";
import type { Advice } from "../../../traces/advise/advice.ts";
import { advise } from "../../../traces/advise/advise.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { corpusPath, hasCorpora, importPath, whySkipped } from "./corpora.ts";

// Real files take a second or two each, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

async function adviceOf(format: string, file: string): Promise<Advice> {
  return runSliced(advise(await importPath(corpusPath(format, file))));
}

const find = ({ findings }: Advice, rule: string) => findings.find((finding) => finding.rule === rule);

describe.skipIf(!hasCorpora)(`advice on real traces${hasCorpora ? "" : ` (${whySkipped})`}`, () => {
  it("blames the loader of ResNet-50 without workers, and not the one with four", async () => {
    const before = await adviceOf("kineto", "kineto_resnet50_workers0_span1.pt.trace.json.gz");
    const loader = find(before, "R04");
    // The profiler's own view states 59,262 µs of a step of 177,592 µs.
    expect(loader?.savingAlone.highNs).toBeCloseTo(59.262e6, -5);
    expect(loader?.severity).toBe("critical");
    expect(before.steps.meanNs).toBeCloseTo(177.592e6, -6);
    const after = await adviceOf("kineto", "kineto_resnet50_workers4_span1.pt.trace.json.gz");
    expect(find(after, "R04")).toBeUndefined();
    expect(after.passed.some(({ rule }) => rule === "R04")).toBe(true);
  });

  it("names the copies that a change of a recommender model brought", async () => {
    const [before, after] = [
      await adviceOf("kineto", "hta_trace_diff_control.json.gz"),
      await adviceOf("kineto", "hta_trace_diff_test.json.gz"),
    ];
    const [fewer, more] = [find(before, "R12"), find(after, "R12")];
    expect(more?.savingAlone.midNs).toBeGreaterThan(2 * (fewer?.savingAlone.midNs ?? Infinity));
  });

  it("has nothing to say about a program that keeps its device busy", async () => {
    const { findings } = await adviceOf("nsys", "nsysai_healthy_1pct.sqlite");
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });
});
