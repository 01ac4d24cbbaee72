import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advise } from "../../../traces/advise/advise.ts";
import { adviceRules } from "../../../traces/advise/registry.ts";
import { spanCostFact } from "../../../traces/advise/rules/recorder-cost.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { type Defects, traceOfDefects } from "../../fixtures/defective-steps.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";

const adviceOf = (defects: Defects, seed?: string) => runSliced(advise(traceOfDefects(defects, seed)));
const idsOf = (defects: Defects): readonly string[] => adviceOf(defects).findings.map(({ rule }) => rule);

/** A program with one defect, what must be found, and what a step loses by it in ms. */
const cases: readonly (readonly [what: string, defects: Defects, rule: string, lostMs: number | null])[] = [
  ["a loader that is waited for", { loaderMs: 3 }, "R04", 3],
  ["waits in the middle of a step", { waits: 4 }, "R02", 4 * 0.2],
  ["compilation in every step", { compileMs: 2 }, "R06", 2],
  ["copies before kernels", { copyMs: 2 }, "R08", 2],
  ["kernels of 5 µs with gaps of 4 µs", { kernelUs: 5, kernelGapUs: 4 }, "R09", null],
  ["a file written in the step", { writeMs: 1 }, "R10", 1],
  ["memory taken in every step", { allocateMs: 1 }, "R11", 1],
  ["a kernel that casts", { castMs: 1.5 }, "R12", 1.5],
  [
    "full precision on matrix units",
    { kernelName: "ampere_sgemm_128x64_nn", facts: [["GPU 0", "NVIDIA A100-SXM4-40GB"]] },
    "R13",
    8,
  ],
  ["spans that cost 100 µs", { facts: [[spanCostFact, "100000 ns"]] }, "R14", null],
  ["device work after the step", { lateMs: 3 }, "I8", null],
  ["a cut file", { truncated: true }, "I12", null],
];

describe("rules", () => {
  test("are silent about a healthy program", () => {
    const { findings, steps } = adviceOf({});
    expect(findings).toEqual([]);
    expect(steps).toMatchObject({ rule: "stepSpans", count: 12, leftOut: 0 });
  });

  test.each(cases)("name %s", (_what, defects, rule, lostMs) => {
    const { findings } = adviceOf(defects);
    const found = findings.find((finding) => finding.rule === rule);
    expect(found, findings.map((finding) => finding.rule).join()).toBeDefined();
    if (found === undefined || lostMs === null) return;
    const { lowNs, midNs, highNs } = found.savingAlone;
    expect(lowNs).toBeLessThanOrEqual(midNs);
    expect(midNs).toBeLessThanOrEqual(highNs);
    expect(highNs).toBeGreaterThan(lostMs * 1e6 * 0.75);
    expect(highNs).toBeLessThan(lostMs * 1e6 * 1.1);
    // Two ways to the same number: times that nobody else fills, and what waits for what.
    // The first step's compilation is its own, so that one of twelve saves nothing.
    if (found.replayed !== null) expect(Math.abs(found.replayed.savedNs / (lostMs * 1e6) - 1)).toBeLessThan(0.1);
    expect(found.replayed !== null).toBe(adviceRules.find(({ id }) => id === rule)?.losesEvidence === true);
  });

  test.each(cases)("name nothing else in a program with %s", (_what, defects, rule) => {
    const others = idsOf(defects).filter((id) => id !== rule);
    // Small kernels that are launched one by one do starve a device, and a copy that nothing hides does too.
    const allowed: Readonly<Record<string, readonly string[]>> = {
      R09: ["R03"],
      R06: ["R03"],
      R11: ["R03"],
      R02: ["R03"],
    };
    expect(others.filter((id) => !(allowed[rule] ?? []).includes(id))).toEqual([]);
  });

  test("find a device that waits for the host", () => {
    const starved = traceFromText("", {});
    expect(runSliced(advise(starved)).findings).toEqual([]);
    expect(idsOf({ kernelUs: 2 })).toContain("R03");
  });

  test("name formats that the matrix units of the device have", () => {
    const fixOn = (device: string): string | undefined =>
      adviceOf({ kernelName: "volta_sgemm_128x64_nn", facts: [["GPU 0", device]] }).findings.find(
        ({ rule }) => rule === "R13",
      )?.fix;
    expect(fixOn("Tesla V100-SXM2-16GB, 15.8 GiB, compute 7.0")).toBe(
      "Allow FP16 for matrix products, and check the accuracy.",
    );
    expect(fixOn("NVIDIA A100-SXM4-40GB, 39.6 GiB, compute 8.0")).toContain("TF32, BF16 or FP16");
    expect(fixOn("AMD Instinct MI250X")).toContain("Allow BF16 or FP16");
  });

  test("tell a long queue as what it is: against a starved device", () => {
    // The first kernel of each step comes late; the others are launched long before they run.
    const starved = adviceOf({ allocateMs: 6 }).findings.find(({ rule }) => rule === "R03");
    expect(starved?.sentence).toMatch(/though not all along: half of all launches wait in its queue for \d/);
  });

  test("leave out the step in which a profiler started, where there are few", () => {
    const stepsOf = (text: string) => runSliced(advise(traceFromText(`main | ${text}`, { step: SpanKind.step }))).steps;
    const slow = "step----------------";
    const plain = "step---";
    expect(stepsOf(slow + plain.repeat(4))).toMatchObject({ count: 4, leftOut: 1 });
    expect(stepsOf(plain + slow + plain.repeat(3))).toMatchObject({ count: 5, leftOut: 0 });
  });

  test("find a loop that costs more between its pieces", () => {
    const body = "|  chunk- chunk- chunk- chunk- chunk- chunk- chunk- chunk- chunk-";
    const step = "step-----------------------------------------------------------";
    const trace = traceFromText(
      `main | ${step.repeat(6)}\n     ${body
        .padEnd(step.length + 1)
        .repeat(6)
        .replaceAll("|", " ")
        .replace(" ", "|")}`,
      {
        step: SpanKind.step,
        chunk: SpanKind.kernel,
      },
    );
    expect(runSliced(advise(trace)).findings.map(({ rule }) => rule)).toEqual(["R18"]);
  });

  test("abstain with a reason where a trace cannot show it", () => {
    const trace = traceFromText("main | a--- b----- c--");
    const { abstained, findings, steps } = runSliced(advise(trace));
    expect(findings).toEqual([]);
    expect(steps.rule).toBe("whole");
    expect(abstained.find(({ rule }) => rule === "R03")?.reason).toBe("work of a device");
    expect(abstained.find(({ rule }) => rule === "R04")?.reason).toBe("repeating steps");
  });

  test("never promise more than a step, and the same nanosecond once", () => {
    const part = fc.option(fc.double({ min: 0.1, max: 5, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          loaderMs: part,
          writeMs: part,
          allocateMs: part,
          castMs: part,
          copyMs: part,
          waits: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
          kernelUs: fc.constantFrom(20, 200),
        }),
        (defects) => {
          const { findings, steps } = adviceOf(defects as Defects);
          const sum = findings.reduce((total, { saving }) => total + saving.midNs, 0);
          expect(sum).toBeLessThanOrEqual(steps.meanNs);
          for (const { saving, savingAlone } of findings)
            expect(saving.midNs).toBeLessThanOrEqual(savingAlone.midNs * (1 + 1e-9));
        },
      ),
      { numRuns: 25 },
    );
  });

  test("have ids of their own", () => {
    expect(new Set(adviceRules.map(({ id }) => id)).size).toBe(adviceRules.length);
  });
});
