import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Trace, Track } from "../../../traces/model/trace.ts";
import { totalsByName } from "../../fixtures/stack-totals.ts";
import { corporaRoot, hasCorpora, importPath, skipNote } from "./corpora.ts";
import { speedscopeTotals } from "./speedscope-totals.ts";

type Totals = Readonly<Record<string, readonly [totalMicros: number, selfMicros: number]>>;

/** Ends that do not fit, and spans that overlap: here their times are kept (`chrome_expected.json` says the same). */
const overlapping: Totals = { epsilon: [7, 7], beta: [12, 7], alpha: [14, 2] };
/** Where totals differ on purpose, by name of the test, the totals that are right here. */
const otherTotals: ReadonlyMap<string, Totals> = new Map([
  // Of a complete span and a pair at the very same time the one that stands first is the outer one; there always the pair.
  ["importTraceEvents BEX interaction", { C: [2, 0], D: [2, 2] }],
  // speedscope leaves out ends of unknown names; here each closes the innermost open span.
  ["importTraceEvents bad E events", { alpha: [5, 1], beta: [4, 4] }],
  ["importTraceEvents mismatched name", { alpha: [10, 10] }],
  // speedscope cuts spans that end behind the one they start in; or makes the outer one longer.
  ["importTraceEvents invalid x nesting", { alpha: [10, 10], beta: [10, 10] }],
  ["importTraceEvents partial json import", overlapping],
  ["importTraceEvents partial json import chunked", overlapping],
  ["importTraceEvents partial json import trailing comma", overlapping],
  ["importTraceEvents partial json import trailing comma chunked", overlapping],
  ["importTraceEvents simple", overlapping],
  ["importTraceEvents simple object", { "(no name)": [7, 7], beta: [12, 12], alpha: [14, 2] }],
  // The last sample holds until the end of the profile; speedscope leaves it out.
  ["importFromChromeTimeline", { "(program)": [2939, 2939] }],
  ["importFromChromeTimeline chunked", { "(program)": [2939, 2939] }],
  // Seven samples stand before an earlier one: sorted here, taken in the order of the file there.
  [
    "importFromChromeTimeline Chrome 116",
    { "(program)": [9459, 9459], delta: [12_054, 8136], "(anonymous)": [25_183, 0], alpha: [25_183, 426] },
  ],
]);

/** A name without what speedscope puts behind it: arguments of the event, the place of a function without a name. */
const bareName = (name: string): string =>
  name
    .replace(/ \{.*\}$/, "")
    .replace(/^\(anonymous .*\)$/, "(anonymous)")
    .replace("(unnamed)", "(no name)");

const tests: readonly (readonly [test: string, input: string])[] = hasCorpora
  ? readFileSync(join(corporaRoot, "expected/speedscope_snapshots/index.tsv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t") as [string, string])
      .filter(([, input]) => input.startsWith("files/chrome/"))
  : [];

/** The threads that speedscope shows: those with sampled stacks where there are any, in its order. */
function threadsOf(trace: Trace): Track[] {
  const threads = trace.tracks.filter(({ kind, spanCount }) => kind === "thread" && spanCount > 0);
  const sampled = threads.filter(({ name }) => name.endsWith("(samples)"));
  return sampled.length > 0 ? sampled : threads;
}

function microsOf(trace: Trace, track: Track): Totals {
  return Object.fromEntries(
    [...totalsByName(trace, track)].map(([name, { totalNs, selfNs }]) => [
      bareName(name),
      [totalNs / 1e3, selfNs / 1e3] as const,
    ]),
  );
}

describe.skipIf(!hasCorpora)(`trace events have the totals that speedscope finds${skipNote}`, () => {
  it.each(tests)("%s: %s", async (test, input) => {
    const trace = await importPath(join(corporaRoot, input));
    const snapshot = test.startsWith("importFromChromeTimeline") ? "chrome" : "trace-event";
    const threads = threadsOf(trace);
    for (const [index, thread] of threads.entries()) {
      const expected: Record<string, readonly [number, number]> = {};
      for (const [name, { total, self }] of speedscopeTotals(snapshot, test, index + 1))
        expected[bareName(name)] = [total, self];
      // A last sample that ends with the profile has no duration; speedscope leaves it out.
      const found = Object.entries(microsOf(trace, thread)).filter(([name, [total]]) => total > 0 || name in expected);
      expect(Object.fromEntries(found)).toEqual({ ...expected, ...otherTotals.get(test) });
    }
    expect(speedscopeTotals(snapshot, test, threads.length + 1).size).toBe(0);
  });
});
