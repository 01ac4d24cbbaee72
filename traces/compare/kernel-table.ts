import { SpanKind, spanKindNames } from "../model/span-kind.ts";
import { flagsOf, durationOf, SpanFlag } from "../model/trace.ts";
import type { KernelColumn, KernelPage, KernelRow, KernelSide, KernelTotals } from "./comparison.ts";
import type { SidePart } from "./side.ts";
import { isDeviceTrack, isDeviceWork } from "./track-roles.ts";
import { splitEffect } from "./waterfall.ts";
import { textOf } from "../model/text-table.ts";

/** Device work of both sides by raw name, over the whole selection. */
export interface KernelTable {
  readonly rows: readonly KernelRow[];
  readonly before: KernelTotals;
  readonly after: KernelTotals;
}

interface Tally {
  kind: number;
  count: number;
  totalNs: number;
}

/** `rowOfName`: row of the delta table of a raw name. */
export function buildKernelTable(
  before: readonly SidePart[],
  after: readonly SidePart[],
  rowOfName: ReadonlyMap<string, number>,
): KernelTable {
  const a = tallyWork(before);
  const b = tallyWork(after);
  const rows = [...new Set([...a.keys(), ...b.keys()])].map((name): KernelRow => {
    const left = a.get(name);
    const right = b.get(name);
    const { count, speed } = splitEffect(left ?? nothing, right ?? nothing);
    return {
      name,
      kind: spanKindNames[(left ?? right ?? nothing).kind],
      before: toSide(left),
      after: toSide(right),
      deltaNs: (right?.totalNs ?? 0) - (left?.totalNs ?? 0),
      countEffectNs: count,
      speedEffectNs: speed,
      row: rowOfName.get(name) ?? null,
    };
  });
  return { rows, before: totalsOf(a), after: totalsOf(b) };
}

const nothing: Tally = { kind: SpanKind.other, count: 0, totalNs: 0 };

function tallyWork(parts: readonly SidePart[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { trace, startNs, endNs } of parts) {
    const { spans, strings } = trace;
    for (const track of trace.tracks) {
      if (!isDeviceTrack(track)) continue;
      for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
        if (!isDeviceWork(spans.kind[span]) || (flagsOf(spans, span) & SpanFlag.openEnded) !== 0) continue;
        if (spans.startNs[span] < startNs || spans.startNs[span] >= endNs) continue;
        const name = textOf(strings, spans.name[span]);
        const tally = tallies.get(name) ?? { kind: spans.kind[span], count: 0, totalNs: 0 };
        tally.count++;
        tally.totalNs += durationOf(spans, span);
        tallies.set(name, tally);
      }
    }
  }
  return tallies;
}

function toSide(tally: Tally | undefined): KernelSide | null {
  if (tally === undefined) return null;
  return { count: tally.count, totalNs: tally.totalNs, meanNs: tally.totalNs / tally.count };
}

/** Of kernels and collectives; copies have rows but are not in the sums. */
function totalsOf(tallies: ReadonlyMap<string, Tally>): KernelTotals {
  const kernels = [...tallies.values()].filter(({ kind }) => kind === SpanKind.kernel || kind === SpanKind.collective);
  return {
    names: kernels.length,
    count: kernels.reduce((sum, { count }) => sum + count, 0),
    totalNs: kernels.reduce((sum, { totalNs }) => sum + totalNs, 0),
  };
}

export interface KernelPageRequest {
  readonly sort: KernelColumn;
  readonly descending: boolean;
  readonly search: string;
  readonly first: number;
  readonly count: number;
}

export function pageOfKernels(table: KernelTable, request: KernelPageRequest): KernelPage {
  const wanted = request.search.toLowerCase();
  const rows = table.rows.filter(({ name }) => name.toLowerCase().includes(wanted));
  const sign = request.descending ? -1 : 1;
  const byName = (x: KernelRow, y: KernelRow): number => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0);
  rows.sort((x, y) =>
    request.sort === "name"
      ? sign * byName(x, y)
      : sign * (valueOf(x, request.sort) - valueOf(y, request.sort)) || byName(x, y),
  );
  return {
    rows: rows.slice(request.first, request.first + request.count),
    rowCount: rows.length,
    before: table.before,
    after: table.after,
  };
}

function valueOf(row: KernelRow, column: Exclude<KernelColumn, "name">): number {
  switch (column) {
    case "before":
      return row.before?.totalNs ?? 0;
    case "after":
      return row.after?.totalNs ?? 0;
    case "delta":
      return row.deltaNs;
    case "absDelta":
      return Math.abs(row.deltaNs);
    case "count":
      return row.countEffectNs;
    case "speed":
      return row.speedEffectNs;
  }
}
