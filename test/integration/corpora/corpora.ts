import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { flagsOf, durationOf, SpanFlag, type Trace, type Track } from "../../../traces/model/trace.ts";
import { textOf } from "../../../traces/model/text-table.ts";

/** Folder of the corpora. */
export const corporaRoot: string = resolve(import.meta.dirname, "../../../../shared/corpora");

/** The corpora lie beside the repository and are not part of it. */
export const hasCorpora: boolean = existsSync(join(corporaRoot, "expected"));
export const whySkipped = "the corpora are not beside this repository";
/** Ends the name of a group of tests: the reason where they are skipped, nothing where they run. */
export const skipNote: string = hasCorpora ? "" : ` (skipped: ${whySkipped})`;

/** Expected values of a format, by file name; empty without the corpora, so that test names can be made. */
export function readExpected<T>(format: string): [file: string, expected: T][] {
  if (!hasCorpora) return [];
  const text = readFileSync(join(corporaRoot, "expected", `${format}_expected.json`), "utf8");
  // Epoch times in ns are beyond what a double holds: they come as text.
  const exact = text.replace(/: (-?\d{16,})/g, ': "$1"');
  return Object.entries(JSON.parse(exact) as Record<string, T>);
}

export function corpusPath(format: string, file: string): string {
  return join(corporaRoot, "files", format, file);
}

/** Imports a file of the corpora as the app does and checks every promise of a sealed trace. */
export async function importPath(path: string): Promise<Trace> {
  const source = await openByteSource(path);
  try {
    const trace = await importFile(source, {
      builder: createTraceBuilder(),
      context: { fileName: basename(path), throwIfCancelled() {}, reportProgress() {}, limits: defaultLimits },
    });
    assertSealed(trace);
    return trace;
  } finally {
    source.close();
  }
}

export function noteCount(trace: Trace, code: string): number {
  return trace.meta.ledger.notes.find((line) => line.code === code)?.count ?? 0;
}

export function droppedCount(trace: Trace, code: string): number {
  return trace.meta.ledger.dropped.find((line) => line.code === code)?.count ?? 0;
}

export interface SpanRow {
  readonly span: number;
  readonly track: Track;
  readonly name: string;
  readonly category: string | null;
  readonly startNs: number;
  readonly durationNs: number;
  readonly openEnded: boolean;
}

/** Spans that come from complete, begin and end events: not the asynchronous, not the sampled ones, not states. */
export function threadSpans(trace: Trace): SpanRow[] {
  const rows: SpanRow[] = [];
  for (const track of trace.tracks) {
    if (track.kind !== "thread" && track.kind !== "stream" && track.kind !== "frame") continue;
    if (track.detail.startsWith("states of ")) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if ((flagsOf(trace.spans, span) & SpanFlag.derived) !== 0) continue;
      const category = trace.categories[trace.spans.category[span]];
      rows.push({
        span,
        track,
        name: textOf(trace.strings, trace.spans.name[span]),
        category: category === undefined ? null : textOf(trace.strings, category),
        startNs: trace.spans.startNs[span],
        durationNs: durationOf(trace.spans, span),
        openEnded: (flagsOf(trace.spans, span) & SpanFlag.openEnded) !== 0,
      });
    }
  }
  return rows;
}

export function sumNs(rows: readonly { readonly durationNs: number }[]): number {
  return rows.reduce((sum, row) => sum + row.durationNs, 0);
}

export type Interval = readonly [startNs: number, endNs: number];

/** Disjoint, ordered intervals that cover what `rows` cover. */
export function unionOf(rows: readonly { readonly startNs: number; readonly durationNs: number }[]): Interval[] {
  const union: [number, number][] = [];
  for (const { startNs, durationNs } of rows.toSorted((a, b) => a.startNs - b.startNs)) {
    const last = union.at(-1);
    if (last !== undefined && startNs <= last[1]) last[1] = Math.max(last[1], startNs + durationNs);
    else union.push([startNs, startNs + durationNs]);
  }
  return union;
}

export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** Length of the part of `a` that `b` does not cover; both disjoint and ordered. */
export function uncovered(a: readonly Interval[], b: readonly Interval[]): number {
  let common = 0;
  let j = 0;
  for (const [start, end] of a) {
    while (j < b.length && (b[j]?.[1] ?? 0) <= start) j++;
    for (let k = j; k < b.length; k++) {
      const [from, to] = b[k] ?? [0, 0];
      if (from >= end) break;
      common += Math.min(end, to) - Math.max(start, from);
    }
  }
  return lengthOf(a) - common;
}
