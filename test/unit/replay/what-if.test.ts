import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { textOf } from "../../../traces/model/text-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { askWhatIf, prepareReplay, type ReplayedTrace, type ReplayEdit } from "../../../traces/replay/what-if.ts";
import { type Defects, traceOfDefects } from "../../fixtures/defective-steps.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";

const prepare = (trace: Trace): ReplayedTrace => runSliced(prepareReplay(trace));
const edit = ({ spans, strings }: Trace, name: RegExp, factor: number, below = false): ReplayEdit => ({
  has: (span) => name.test(textOf(strings, spans.name[span])),
  factor,
  below,
});
const ask = (trace: Trace, ...edits: readonly ReplayEdit[]) => runSliced(askWhatIf(prepare(trace), edits));

describe("a replay of programs that a simulation made", () => {
  /** The simulation runs host and device by rules of its own; what it would do without a defect is another run of it. */
  test.each<readonly [what: string, defects: Defects, name: RegExp, factor: number, without: Defects]>([
    ["a loader that is waited for", { loaderMs: 3 }, /DataLoader/, 0, {}],
    ["half of a loader", { loaderMs: 3 }, /DataLoader/, 0.5, { loaderMs: 1.5 }],
    ["compilation", { compileMs: 2 }, /compile/, 0, {}],
    ["a file that is written", { writeMs: 1 }, /write/, 0, {}],
    ["a copy before the kernels", { copyMs: 2 }, /Memcpy/, 0, {}],
    ["a kernel that casts", { castMs: 1.5 }, /copy_kernel/, 0, {}],
    ["half of a kernel that casts", { castMs: 2 }, /copy_kernel/, 0.5, { castMs: 1 }],
  ])("tells steps without %s", (_what, defects, name, factor, without) => {
    const trace = traceOfDefects(defects);
    const found = ask(trace, edit(trace, name, factor));
    const truth = ask(traceOfDefects(without));
    expect(found.errorShare).toBeLessThan(1e-6);
    expect(found.afterNs / truth.beforeNs).toBeCloseTo(1, 2);
    expect(found.beforeNs).toBeGreaterThan(found.afterNs);
  });

  test("gains nothing from work that nobody waits for", () => {
    const trace = traceOfDefects({ loaderMs: 3 });
    // The device stands still while the loader runs: its work is on the path, the launches beside it are not.
    const launches = ask(trace, edit(trace, /^cudaLaunch$/, 0.5));
    expect(launches.edits[0]?.spanCount).toBeGreaterThan(100);
    expect(launches.beforeNs - launches.afterNs).toBeLessThan(0.2 * (launches.edits[0]?.perStepNs ?? 0));
  });

  test("takes what is below a span along, device work too", () => {
    const trace = traceOfDefects({});
    const own = ask(trace, edit(trace, /^ProfilerStep/, 0));
    const all = ask(trace, edit(trace, /^ProfilerStep/, 0, true));
    expect(own.afterNs).toBeGreaterThan(all.afterNs);
    expect(all.afterNs).toBeLessThan(0.15 * all.beforeNs);
  });
});

describe("a replay", () => {
  test("of one thread is a sum", () => {
    const trace = traceFromText(
      ["main | step---------- step----------", "     |  load-- run---  load-- run---"].join("\n"),
      { step: SpanKind.step },
    );
    expect(ask(trace)).toMatchObject({ stepCount: 2, beforeNs: 14_000, afterNs: 14_000, savedNs: null, errorShare: 0 });
    const without = ask(trace, edit(trace, /load/, 0));
    expect(without).toMatchObject({ beforeNs: 14_000, afterNs: 8000, edits: [{ spanCount: 2, perStepNs: 6000 }] });
    expect(without.path.map(({ name, place, beforeNs, afterNs }) => [place, name, beforeNs, afterNs])).toEqual([
      ["host", "load", 6000, 0],
      ["host", "run", 6000, 6000],
      ["host", "step", 2000, 2000],
    ]);
  });

  test("has nothing to say of a trace without spans", () => {
    expect(() => prepare(traceFromText("main | "))).toThrow(UserFacingError);
  });

  test("refuses steps that its thread has no part in", () => {
    // Steps of one thread, work of another that launches nothing: what the steps consist of is not known.
    const drawing = ["steps | step-- step-- step--", "work  | run------------------------------"].join("\n");
    const trace = traceFromText(drawing, { step: SpanKind.step });
    expect(prepare(trace).errorShare).toBe(0);
    const builder = createTraceBuilder();
    const [host, device] = [
      builder.addTrack({ kind: "thread", name: "main" }),
      builder.addTrack({ kind: "stream", name: "Steps" }),
    ];
    const category = builder.category("test");
    for (const [track, kind, startNs, ns] of [
      [host, SpanKind.op, 0, 100],
      [device, SpanKind.step, 5000, 1000],
      [device, SpanKind.step, 7000, 1000],
      [device, SpanKind.step, 9000, 1000],
    ] as const)
      builder.addSpan(track, startNs, ns, builder.intern("x"), kind, category, 0);
    const steps = builder.seal({ name: "x", format: "x", formatLabel: "X", facts: [] });
    expect(() => prepare(steps)).toThrow(/replayed unchanged they are off by/u);
  });

  test("meets the trace unchanged, never gains from more work, and its path adds up to its steps", () => {
    const part = fc.option(fc.double({ min: 0.1, max: 5, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          loaderMs: part,
          writeMs: part,
          castMs: part,
          copyMs: part,
          lateMs: part,
          waits: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
          kernelUs: fc.constantFrom(20, 200),
          kernelGapUs: fc.constantFrom(0, 4),
        }),
        fc.constantFrom(/kernel/, /Loader/, /Memcpy/, /cuda/, /Step/),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (defects, name, factor) => {
          const trace = traceOfDefects(defects as Defects);
          const replayed = prepare(trace);
          expect(replayed.errorShare).toBeLessThan(1e-6);
          const [less, more] = [factor, factor + 0.5].map((each) =>
            runSliced(askWhatIf(replayed, [edit(trace, name, each)])),
          );
          expect(less?.afterNs).toBeLessThanOrEqual((more?.afterNs ?? 0) + 1);
          const { path, beforeNs, stepCount } = less ?? { path: [], beforeNs: 0, stepCount: 0 };
          const sum = path.reduce((total, row) => total + row.beforeNs, 0);
          expect(sum / beforeNs).toBeCloseTo(1, 6);
          expect(stepCount).toBeGreaterThan(5);
        },
      ),
      { numRuns: 25 },
    );
  });
});
