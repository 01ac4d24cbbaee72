import { describe, expect, it, vi } from "vitest";
import { runSliced } from "../../../traces/model/sliced.ts";
import { textOf } from "../../../traces/model/text-table.ts";
import { askWhatIf, prepareReplay, type WhatIf } from "../../../traces/replay/what-if.ts";
import { corpusPath, hasCorpora, importPath, whySkipped } from "./corpora.ts";

// Real files take a second or two each, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

async function askOf(format: string, file: string, without: RegExp | null = null): Promise<WhatIf> {
  const trace = await importPath(corpusPath(format, file));
  const has = (span: number): boolean => without?.test(textOf(trace.strings, trace.spans.name[span])) ?? false;
  return runSliced(
    askWhatIf(runSliced(prepareReplay(trace)), without === null ? [] : [{ has, factor: 0, below: false }]),
  );
}

describe.skipIf(!hasCorpora)(`what if on real traces${hasCorpora ? "" : ` (${whySkipped})`}`, () => {
  it.each([
    ["kineto", "hta_amd_mi250.json.gz"],
    ["kineto", "hta_event_sync_multi_stream.json.gz"],
    ["kineto", "hta_ns_resolution_rank0.pt.trace.json.gz"],
    ["kineto", "hta_trace_compare_base.json.gz"],
    ["kineto", "hta_trace_diff_control.json.gz"],
    ["kineto", "hta_trace_diff_test.json.gz"],
    ["kineto", "kineto_resnet50_workers4_span1.pt.trace.json.gz"],
    ["nsys", "nsightful_power_iteration.sqlite"],
    ["nsys", "nsysai_healthy_1pct.sqlite"],
    ["ort", "ort1.30_prof_cpu_2026-11-21_01-12-40_385.json"],
    ["ort", "ort1.30_prof_webgpu_2026-11-21_01-12-48_170.json"],
  ])("meets the steps of %s/%s unchanged, and its path adds up", async (format, file) => {
    const { errorShare, beforeNs, path } = await askOf(format, file);
    expect(errorShare).toBeLessThan(0.001);
    expect(path.every((row) => row.beforeNs >= 0)).toBe(true);
    expect(path.reduce((sum, row) => sum + row.beforeNs, 0) / beforeNs).toBeCloseTo(1, 6);
  });

  it("takes the loader off the steps of ResNet-50 without workers", async () => {
    const file = "kineto_resnet50_workers0_span1.pt.trace.json.gz";
    const { beforeNs, afterNs, stepCount } = await askOf("kineto", file, /DataLoader/);
    expect(stepCount).toBe(6);
    expect(beforeNs / 1e6).toBeCloseTo(177.592, 3);
    // Without it the copies of a batch wait for the device, which was done before; four loader workers measured 141.1.
    expect(afterNs / 1e6).toBeCloseTo(132.11, 0);
  });
});
