import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace, TrackKind } from "../../../traces/model/trace.ts";
import { busiestGroup, describeGroup, describeGroups } from "../../../traces/model/time-group.ts";
import { findTimeGroups } from "../../../traces/query/time-groups.ts";

const hourNs = 3.6e12;

interface Burst {
  readonly track: number;
  readonly startNs: number;
  readonly count: number;
  /** Of each span, and from each to the next. */
  readonly everyNs?: number;
  readonly durationNs?: number;
  readonly openEnded?: boolean;
}

function traceOf(
  bursts: readonly Burst[],
  more: { readonly instantsNs?: readonly number[]; readonly samplesNs?: readonly number[]; kind?: TrackKind } = {},
): Trace {
  const builder = createTraceBuilder();
  const tracks = new Map<number, ReturnType<typeof builder.addTrack>>();
  const trackOf = (number: number) => {
    const known = tracks.get(number) ?? builder.addTrack({ kind: more.kind ?? "thread", name: `thread ${number}` });
    tracks.set(number, known);
    return known;
  };
  const name = builder.intern("span");
  const category = builder.category("");
  for (const { track, startNs, count, everyNs = 10_000, durationNs = 8000, openEnded = false } of bursts) {
    for (let index = 0; index < count; index++) {
      builder.ledger.read();
      const at = startNs + index * everyNs;
      if (openEnded)
        builder.addSpan(trackOf(track), at, 50 * hourNs - at, name, SpanKind.op, category, 0, { openEnded });
      else builder.addSpan(trackOf(track), at, durationNs, name, SpanKind.op, category, 0);
    }
  }
  for (const at of more.instantsNs ?? []) {
    builder.ledger.read();
    builder.addInstant(trackOf(-1), at, name, category, 0, 0);
  }
  const counter = builder.addTrack({ kind: "counter", name: "memory" });
  for (const at of more.samplesNs ?? []) builder.addSample(counter, at, 1);
  return builder.seal({ name: "drawn", format: "drawing", formatLabel: "Drawing", facts: [] });
}

describe("groups of times", () => {
  it("are the two clocks of a file, with what each holds and how far they lie apart", () => {
    const groups = findTimeGroups(
      traceOf([
        { track: 1, startNs: 0, count: 4000 },
        { track: 2, startNs: 3.2 * hourNs, count: 2000 },
      ]),
    );
    expect(groups).toStrictEqual([
      { startNs: 0, endNs: 3999 * 10_000 + 8000, spanCount: 4000, instantCount: 0, sampleCount: 0 },
      {
        startNs: 3.2 * hourNs,
        endNs: 3.2 * hourNs + 1999 * 10_000 + 8000,
        spanCount: 2000,
        instantCount: 0,
        sampleCount: 0,
      },
    ]);
    expect(describeGroups(groups)).toBe("The spans lie in 2 groups, 3\u2009h 12\u2009min apart");
    expect(groups.map(describeGroup)).toStrictEqual(["40.0\u2009ms, 4000 spans", "20.0\u2009ms, 2000 spans"]);
    expect(busiestGroup(groups)).toBe(groups[0]);
  });

  it("are found around one stray span, instant or sample, which has a group of its own", () => {
    const work: Burst = { track: 1, startNs: 72 * hourNs, count: 100 };
    const counts = (trace: Trace) =>
      findTimeGroups(trace).map(({ spanCount, instantCount, sampleCount }) => [spanCount, instantCount, sampleCount]);
    const stray = traceOf([{ track: 2, startNs: 0, count: 1 }, work]);
    expect(counts(stray)).toStrictEqual([
      [1, 0, 0],
      [100, 0, 0],
    ]);
    expect(counts(traceOf([work], { instantsNs: [0] }))).toStrictEqual([
      [0, 1, 0],
      [100, 0, 0],
    ]);
    const sampled = findTimeGroups(traceOf([{ ...work, startNs: 0 }], { samplesNs: [72 * hourNs] }));
    expect(sampled.map(describeGroup)).toStrictEqual(["998\u2009µs, 100 spans", "1 sample"]);
    expect(describeGroups(sampled)).toBe("The events lie in 2 groups, 3\u2009d apart");
  });

  it("are found within groups too: the nearer two of three clocks", () => {
    const groups = findTimeGroups(
      traceOf([
        { track: 1, startNs: 0, count: 50 },
        { track: 2, startNs: hourNs, count: 60 },
        { track: 3, startNs: hourNs + 30e9, count: 70 },
      ]),
    );
    expect(groups.map(({ spanCount }) => spanCount)).toStrictEqual([50, 60, 70]);
    expect(describeGroups(groups)).toBe("The spans lie in 3 groups, 30.0\u2009s to 1\u2009h apart");
  });

  it("take no notice of ends that are not in the file: such a span counts where it begins", () => {
    const groups = findTimeGroups(
      traceOf([
        { track: 1, startNs: 0, count: 3, openEnded: true },
        { track: 1, startNs: 100_000, count: 40 },
        { track: 2, startNs: 50 * hourNs - 400_000, count: 40 },
      ]),
    );
    expect(groups.map(({ spanCount }) => spanCount)).toStrictEqual([43, 40]);
  });

  it("are none where the timeline shows what there is", () => {
    const none = (bursts: readonly Burst[], more = {}) =>
      expect(findTimeGroups(traceOf(bursts, more))).toStrictEqual([]);
    none([]);
    none([{ track: 1, startNs: 0, count: 5000 }]);
    // One span lasts all the time; work is done in turns; too few to be crowded.
    none([
      { track: 1, startNs: 0, count: 1, durationNs: hourNs },
      { track: 2, startNs: 0, count: 100 },
      { track: 2, startNs: hourNs - 1e6, count: 99 },
    ]);
    none(Array.from({ length: 12 }, (_, index) => ({ track: 1, startNs: index * 60e9, count: 20 })));
    none([
      { track: 1, startNs: 0, count: 2 },
      { track: 2, startNs: hourNs, count: 2 },
    ]);
    none([{ track: 1, startNs: 0, count: 100 }], { samplesNs: Array.from({ length: 90 }, (_, index) => index * 60e9) });
  });

  it("hold every span once, each within its group, however bursts lie", () => {
    const burst = fc.record({
      track: fc.integer({ min: 0, max: 3 }),
      startNs: fc.integer({ min: 0, max: 40 }).map((at) => at * 25 * hourNs),
      count: fc.integer({ min: 1, max: 60 }),
      everyNs: fc.integer({ min: 1, max: 1e9 }),
      durationNs: fc.integer({ min: 0, max: 1e9 }),
    });
    fc.assert(
      fc.property(fc.array(burst, { minLength: 1, maxLength: 7 }), (bursts) => {
        const trace = traceOf(bursts);
        const groups = findTimeGroups(trace);
        if (groups.length === 0) return;
        const { startNs } = trace.spans;
        const inside = groups.map(
          (group) =>
            Array.from({ length: trace.spans.length }, (_, span) => startNs[span]).filter(
              (start) => start >= group.startNs && start <= group.endNs,
            ).length,
        );
        expect(inside).toStrictEqual(groups.map(({ spanCount }) => spanCount));
        expect(inside.reduce((sum, count) => sum + count)).toBe(trace.spans.length);
        const filledNs = groups.reduce((sum, group) => sum + group.endNs - group.startNs, 0);
        expect(filledNs).toBeLessThan(trace.meta.durationNs * 0.011);
      }),
    );
  });
});
