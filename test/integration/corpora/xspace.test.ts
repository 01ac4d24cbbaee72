import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { importerOf } from "../../../traces/importers/import-file.ts";
import { durationOf, sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { corpusPath, hasCorpora, importPath, noteCount, readExpected, whySkipped } from "./corpora.ts";
import { textOf } from "../../../traces/model/text-table.ts";

interface ExpectedLine {
  readonly name: string;
  readonly display_name: string;
  readonly id: string;
  readonly timestamp_ns: number | string;
  readonly events: number;
  readonly dur_sum_ps: number | string;
  readonly dur_sum_ns_rounded: number;
  readonly first_start_ps: number | string | null;
  readonly last_end_ps: number | string | null;
}

interface Expected {
  readonly error?: string;
  readonly events: number;
  readonly plane: readonly {
    readonly name: string;
    readonly line: readonly ExpectedLine[];
    readonly stats?: Readonly<Record<string, string>>;
    readonly top_ops?: readonly {
      readonly name: string;
      readonly count: number;
      readonly dur_sum_ps: number | string;
    }[];
  }[];
}

interface LineTotals {
  readonly events: number;
  readonly ns: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

/** Totals of every line with events, by plane, line name and id. */
function totalsOf(trace: Trace): Map<string, LineTotals> {
  const totals = new Map<string, LineTotals>();
  for (const track of trace.tracks) {
    if (track.spanCount === 0 || track.parent === null) continue;
    const plane = trace.tracks[track.parent].detail.split(" · ")[0];
    let ns = 0;
    let firstNs = Infinity;
    let lastNs = -Infinity;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const start = trace.spans.startNs[span] + Number(trace.meta.originClockNs);
      ns += durationOf(trace.spans, span);
      firstNs = Math.min(firstNs, start);
      lastNs = Math.max(lastNs, start + durationOf(trace.spans, span));
    }
    totals.set(`${plane} | ${track.name} | ${track.detail}`, { events: track.spanCount, ns, firstNs, lastNs });
  }
  return totals;
}

/** Sums of the exact durations: of every line, and by operation of the lines of devices. */
async function picosOf(
  trace: Trace,
  path: string,
): Promise<{ lines: Map<string, bigint>; operations: Map<string, { count: number; ps: bigint }> }> {
  const source = await openByteSource(path);
  const reader = await importerOf(trace.meta.format).openArguments?.(source);
  const lines = new Map<string, bigint>();
  const operations = new Map<string, { count: number; ps: bigint }>();
  const { spans, strings } = trace;
  for (const track of trace.tracks) {
    if (track.parent === null) continue;
    const plane = trace.tracks[track.parent].detail.split(" · ")[0];
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const name = textOf(strings, spans.name[span]);
      const args = new Map(
        (await reader?.read({ offset: sourceOffsetOf(spans, span), endOffset: null, name }))?.args ?? [],
      );
      const ps = BigInt(args.get("duration (ps)") ?? 0);
      const line = `${plane} | ${track.detail}`;
      lines.set(line, (lines.get(line) ?? 0n) + ps);
      if (!/^(?:Stream|XLA Ops$)/.test(track.name)) continue;
      const operation = `${plane} | ${args.get("long name") ?? name}`;
      const sum = operations.get(operation) ?? { count: 0, ps: 0n };
      operations.set(operation, { count: sum.count + 1, ps: sum.ps + ps });
    }
  }
  source.close();
  return { lines, operations };
}

/** Half to even, as the expected sums are. */
function toNs(picos: number | string): number {
  const exact = BigInt(picos);
  const rest = exact % 1000n;
  const whole = exact / 1000n;
  return Number(rest > 500n || (rest === 500n && whole % 2n === 1n) ? whole + 1n : whole);
}

const readable = readExpected<Expected>("xplane").filter(([, expected]) => expected.error === undefined);
const refused = readExpected<Expected>("xplane").filter(([, expected]) => expected.error !== undefined);

describe.skipIf(!hasCorpora)("xspace corpus", () => {
  it.each(readable)("reads %s as independent readers do", { timeout: 60_000 }, async (file, expected) => {
    const trace = await importPath(corpusPath("xplane", file));
    const { ledger } = trace.meta;
    expect(trace.meta.format).toBe("xspace");
    expect(ledger.spans).toBe(expected.events);
    expect(ledger.eventsRead).toBe(expected.events + ledger.flowEnds);
    expect(ledger.dropped).toEqual([]);
    const wanted = new Map<string, LineTotals>();
    for (const plane of expected.plane)
      for (const line of plane.line)
        if (line.first_start_ps !== null && line.last_end_ps !== null && line.events > 0)
          wanted.set(`${plane.name} | ${line.name} | line ${line.id}`, {
            events: line.events,
            ns: line.dur_sum_ns_rounded,
            firstNs: toNs(line.first_start_ps),
            lastNs: toNs(line.last_end_ps),
          });
    expect(Object.fromEntries(totalsOf(trace))).toEqual(Object.fromEntries(wanted));
    const start = expected.plane.find(({ name }) => name === "Task Environment")?.stats?.["profile_start_time"];
    const { originUnixNs, originClockNs } = trace.meta;
    expect(originUnixNs === undefined ? undefined : String(originUnixNs - originClockNs)).toBe(start);
    expect(noteCount(trace, "withoutName")).toBe(0);
  });

  it.each(readable)("keeps the picoseconds of %s", { timeout: 60_000 }, async (file, expected) => {
    const path = corpusPath("xplane", file);
    const trace = await importPath(path);
    const { lines, operations } = await picosOf(trace, path);
    const wanted = new Map<string, bigint>();
    for (const plane of expected.plane)
      for (const line of plane.line)
        if (line.events > 0) wanted.set(`${plane.name} | line ${line.id}`, BigInt(line.dur_sum_ps));
    expect(lines).toEqual(wanted);
    for (const { name: plane, top_ops: top = [] } of expected.plane)
      for (const { name, count, dur_sum_ps } of top) {
        // The expected names are cut, so that several operations may begin like one.
        const sums = [...operations].filter(([key]) => key.startsWith(`${plane} | ${name}`)).map(([, sum]) => sum);
        expect(sums, name).toContainEqual({ count, ps: BigInt(dur_sum_ps) });
      }
  });

  it.each(refused)("refuses %s, which was copied as text", async (file) => {
    await expect(importPath(corpusPath("xplane", file))).rejects.toThrow(
      "expected an XSpace profile, found one that was copied as text: every byte above 127 was replaced by EF BF BD",
    );
  });
});

if (!hasCorpora) describe.skip("xspace corpus", () => it(whySkipped, () => undefined));
