import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import type { StringId } from "../../../traces/model/ids.ts";
import { spanKindNames, SpanKind } from "../../../traces/model/span-kind.ts";
import { categoryOf as categoryIndexOf, noCategory, type Trace } from "../../../traces/model/trace.ts";
import { parseSearchQuery } from "../../../traces/query/search-query.ts";
import { searchSpans, type MatchNames, type Search } from "../../../traces/query/search.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { randomTrace, sumOf, toPlainSpans, type PlainSpan } from "./random-trace.ts";
import { textOf, toTextTable } from "../../../traces/model/text-table.ts";

const drawing = traceFromText(
  `
  main | step-----------  step----
       |  fwd---   bwd--   fwd-
       |   mm mm    mm      mm
  s7   |     Kernel---  k2
`,
  { step: SpanKind.step, Kernel: SpanKind.kernel, k2: SpanKind.kernel },
);

const matchNames: MatchNames = (pattern, names) => Uint8Array.from(names, (name) => (pattern.test(name) ? 1 : 0));
const search = (trace: Trace, query: string): Search => runSliced(searchSpans(trace, query, matchNames));
const hitsOf = (trace: Trace, query: string): string[] => {
  const found = search(trace, query);
  return toPlainSpans(trace)
    .filter((span) => found.has(span.span))
    .map((span) => span.name);
};

test.each([
  ["kern", ["Kernel"]],
  ["track:S7", ["Kernel", "k2"]],
  ["track:main fwd", ["fwd", "fwd"]],
  ["kind:kernel", ["Kernel", "k2"]],
  ["kind:Step,kernel dur>7us", ["step", "step", "Kernel"]],
  ["/^k\\d$/", ["k2"]],
  ["/K/", ["Kernel", "k2"]],
  ["/^(?:k\\d|x+)+$/", ["k2"]],
  ["/(m)\\1/ /a*b*c*d*e*f*m/", ["mm", "mm", "mm", "mm"]],
  ["dur<=2us", ["mm", "mm", "mm", "mm", "k2"]],
  ["dur<2us", []],
  ["dur>2us dur < 6us", ["bwd", "fwd"]],
  ["dur=0.006ms", ["fwd"]],
  ["cat:draw k2", ["k2"]],
  ['cat:"no such"', []],
  ["/usr/lib", []],
  ['"m m"', []],
  ["", []],
  ["   ", []],
])("%s finds %j", (query, names) => {
  expect(hitsOf(drawing, query)).toEqual(names);
});

test("a search knows its hits, their names and their time, and the hits of a row", () => {
  const found = search(drawing, "mm");
  expect([found.hitCount, found.nameCount, found.totalNs]).toEqual([4, 1, 8000]);
  expect([...found.ofRow(2)]).toHaveLength(4);
  expect([...found.ofRow(0)]).toEqual([]);
});

test.each([
  ["/(/", "The expression cannot be read: /(/i: Unterminated group."],
  ["dur>2", '"dur>2" has no unit; use ns, us, ms or s.'],
  ["dur>2h", '"h" is no unit of time; use ns, us, ms or s.'],
  ["dur>", '"dur>" is no duration limit; write one like dur>2ms or dur<=10us.'],
  ["kind:krenel", `"krenel" is no kind of span; there are ${spanKindNames.join(", ")}.`],
])("%s is refused with a sentence", (query, message) => {
  expect(() => search(drawing, query)).toThrow(new UserFacingError(message));
});

test("parts are split at spaces, quotes keep them together, an unfinished expression is text", () => {
  expect(parseSearchQuery('"a B" /c d/ e /f track:"x y"')).toMatchObject({
    texts: ["a b", "e", "/f"],
    patterns: [/c d/i],
    tracks: ["x y"],
  });
  expect(parseSearchQuery("aten::mm")?.texts).toEqual(["aten::mm"]);
  expect(parseSearchQuery("dur>=1.5ms dur<2s")?.duration).toEqual({ leastNs: 1_500_000, mostNs: 1_999_999_999 });
});

test("stepping goes through all hits in time order, over all tracks, and back", () => {
  const found = search(drawing, "/k|fwd/");
  const names: string[] = [];
  let at: number | null = null;
  for (let i = 0; i < 10; i++) {
    const hit = found.step({ fromSpan: at, fromNs: 0 }, "next");
    if (hit === null) break;
    expect(hit.index).toBe(i);
    names.push(textOf(drawing.strings, drawing.spans.name[hit.span]));
    at = hit.span;
  }
  expect(names).toEqual(["fwd", "Kernel", "k2", "fwd"]);
});

/** What each part of a query asks of a span. */
const parts: ReadonlyMap<string, (span: PlainSpan, trace: Trace) => boolean> = new Map([
  ["a", (span) => span.name.toLowerCase().includes("a")],
  ['"a b"', (span) => span.name.toLowerCase().includes("a b")],
  ["/^a/", (span) => span.name.toLowerCase().startsWith("a")],
  ["cat:kernel", (span, trace) => categoryOf(trace, span) === "kernel"],
  ["cat:r", (span, trace) => ["kernel", "Trace"].includes(categoryOf(trace, span))],
  ["track:stream", (span, trace) => trace.tracks[span.track].kind === "stream"],
  ['track:"process 1"', () => true],
  ["track:zzz", () => false],
  ["kind:other", (span) => span.kind === SpanKind.other],
  [
    "kind:op,launch,kernel",
    (span) => [SpanKind.op, SpanKind.launch, SpanKind.kernel].some((kind) => kind === span.kind),
  ],
  ["dur>5ns", (span) => !span.openEnded && span.durationNs > 5],
  ["dur<=4.294967295s", (span) => !span.openEnded && span.durationNs <= 4_294_967_295],
  ["dur>=4294967296ns", (span) => !span.openEnded && span.durationNs >= 4_294_967_296],
] satisfies [string, (span: PlainSpan, trace: Trace) => boolean][]);

function categoryOf(trace: Trace, { span }: PlainSpan): string {
  const category = categoryIndexOf(trace.spans, span);
  return category === noCategory ? "" : textOf(trace.strings, trace.categories[category]);
}

test("every search finds what its definition says, and steps as a sorted list would", () => {
  const query = fc.subarray([...parts.keys()], { minLength: 1, maxLength: 2 });
  const from = fc.record({ fromSpan: fc.option(fc.nat(59)), fromNs: fc.oneof(fc.nat(45), fc.constant(5_000_000_000)) });
  fc.assert(
    fc.property(
      randomTrace,
      query,
      from,
      fc.constantFrom("next" as const, "previous" as const),
      (trace, chosen, start, direction) => {
        const expected = toPlainSpans(trace).filter((span) => chosen.every((part) => parts.get(part)?.(span, trace)));
        const found = search(trace, chosen.join(" "));
        expect(found.hitCount).toBe(expected.length);
        expect(found.nameCount).toBe(new Set(expected.map((span) => span.name)).size);
        expect(found.totalNs).toBe(sumOf(expected.filter((span) => !span.openEnded).map((span) => span.durationNs)));
        for (let row = 0; row < trace.rows.length; row++) {
          const spans = Array.from(
            { length: trace.rows.first[row + 1] - trace.rows.first[row] },
            (_, i) => trace.rows.span[trace.rows.first[row] + i],
          );
          expect([...found.ofRow(row)]).toEqual(spans.filter((span) => expected.some((hit) => hit.span === span)));
        }
        const fromSpan = start.fromSpan !== null && start.fromSpan < trace.spans.length ? start.fromSpan : null;
        expect(found.step({ ...start, fromSpan }, direction)).toEqual(
          expectedStep(trace, expected, { ...start, fromSpan }, direction),
        );
      },
    ),
    { numRuns: 800 },
  );
});

test("while a query is typed, corrected and taken back, each text finds what it finds alone", () => {
  const query = fc.subarray([...parts.keys(), "k", "kind:kernel", "kind:kernel,op", "cat:KER", "dur>5ns dur<9ns"], {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(randomTrace, query, fc.boolean(), (trace, chosen, back) => {
      const text = chosen.join(" ");
      const typed = Array.from(text, (_, index) => text.slice(0, index + 1));
      const known: Search[] = [];
      for (const each of back ? [...typed, ...typed.toReversed()] : typed) {
        if (!isReadable(each)) continue;
        const alone = search(trace, each);
        const found = runSliced(searchSpans(trace, each, matchNames, known.slice(-4)));
        known.push(found);
        expect([found.hitCount, found.nameCount, found.totalNs]).toEqual([
          alone.hitCount,
          alone.nameCount,
          alone.totalNs,
        ]);
        for (let span = 0; span < trace.spans.length; span++) expect(found.has(span)).toBe(alone.has(span));
      }
    }),
    { numRuns: 150 },
  );
});

function isReadable(query: string): boolean {
  try {
    parseSearchQuery(query);
    return true;
  } catch {
    return false;
  }
}

test("a query that narrows another asks for no name again that did not match", () => {
  let asked = 0;
  const counting: MatchNames = (pattern, names) => {
    asked += names.length;
    return matchNames(pattern, names);
  };
  const wider = runSliced(searchSpans(drawing, "/^k/", counting));
  expect(asked).toBe(drawing.strings.length);
  expect(runSliced(searchSpans(drawing, "/^k/ 2", counting, [wider])).hitCount).toBe(1);
  expect(asked).toBe(drawing.strings.length);
  expect(runSliced(searchSpans(drawing, "/^k2/", counting, [wider])).hitCount).toBe(1);
  expect(asked).toBe(2 * drawing.strings.length);
});

test("pauses while it looks at millions of names, and gives the host some thousands of them at a time", () => {
  const count = 2_200_000;
  const texts = Array.from({ length: count }, (_, i) => (i % 1_000_000 === 7 ? `Ünlike ${i}` : `op ${i} of all`));
  const builder = createTraceBuilder();
  const { bytes, ends } = toTextTable(texts);
  const ids = new Int32Array(count);
  builder.internDistinct(bytes, ends, ids);
  const track = builder.addTrack({ kind: "thread", name: "main" });
  for (let i = 7; i < count; i += 100_000) builder.addSpan(track, i, 1, ids[i] as StringId, SpanKind.op, noCategory, 0);
  builder.ledger.read(22);
  const trace = builder.seal({ name: "many", format: "test", formatLabel: "test", facts: [] });
  expect(trace.strings).toHaveLength(count);
  const slicesOf = (query: string, match: MatchNames): { found: Search; slices: number } => {
    const work = searchSpans(trace, query, match);
    for (let slices = 1; ; slices++) {
      const step = work.next();
      if (step.done === true) return { found: step.value, slices };
    }
  };
  const plain = slicesOf("ÜNLIKE", matchNames);
  expect(plain.found.hitCount).toBe(3);
  expect(plain.slices).toBeGreaterThan(count / 8192);
  const asked: number[] = [];
  const pattern = slicesOf("/^op .*00007 /", (expression, names) => {
    asked.push(names.length);
    return matchNames(expression, names);
  });
  expect(pattern.found.hitCount).toBe(19);
  expect(Math.max(...asked)).toBeLessThanOrEqual(1 << 16);
  expect(sumOf(asked)).toBe(count);
  expect(pattern.slices).toBeGreaterThan(asked.length);
});

function expectedStep(
  trace: Trace,
  hits: readonly PlainSpan[],
  { fromSpan, fromNs }: { fromSpan: number | null; fromNs: number },
  direction: "next" | "previous",
): { span: number; index: number } | null {
  const sorted = hits.toSorted((a, b) => a.startNs - b.startNs || a.span - b.span);
  const time = fromSpan === null ? fromNs : trace.spans.startNs[fromSpan];
  const isBefore = (hit: PlainSpan): boolean =>
    hit.startNs < time || (hit.startNs === time && fromSpan !== null && hit.span < fromSpan);
  const isAfter = (hit: PlainSpan): boolean =>
    hit.startNs > time || (hit.startNs === time && (fromSpan === null || hit.span > fromSpan));
  const index = direction === "next" ? sorted.findIndex(isAfter) : sorted.findLastIndex(isBefore);
  return index < 0 ? null : { span: sorted[index].span, index };
}
