import { type Allocate, lowerBound } from "./column.ts";
import type { LedgerLine } from "./ledger.ts";
import { endOf, type FlowTable, type SpanTable } from "./trace.ts";

export const FlowRole = { start: 0, step: 1, end: 2 } as const;

/** Arrows between pushed spans, in push order. */
export class DirectFlows {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly name: number[] = [];
}

/** What an end belongs to; numbers from 0 on are spans by the order in which they were pushed. */
export const FlowBind = { enclosing: -1, next: -2 } as const;

/** Ends of arrows in push order. */
export class FlowEnds {
  readonly key: number[] = [];
  readonly role: number[] = [];
  readonly track: number[] = [];
  readonly timeNs: number[] = [];
  readonly name: number[] = [];
  /** `FlowBind` or a span. */
  readonly bind: number[] = [];

  get length(): number {
    return this.key.length;
  }
}

/**
 * Takes the direct arrows over, then chains the ends of equal key in time order (start before step before end at one
 * instant) and binds each to a span: the innermost one that encloses its time on its track, the next one that starts
 * there, or the one it names. `sealedSpans`: SpanIds by push order; asked for only where an end names a span.
 */
export function resolveFlows(
  ends: FlowEnds | null,
  direct: DirectFlows,
  spans: SpanTable,
  firsts: Uint32Array,
  originNs: number,
  allocate: Allocate,
  sealedSpans: () => Uint32Array,
): { table: FlowTable; notes: readonly LedgerLine[] } {
  const from = direct.from.slice();
  const to = direct.to.slice();
  const name = direct.name.slice();
  let dangling = 0;
  if (ends !== null && ends.length > 0) {
    const { key, timeNs, role } = ends;
    const order = Uint32Array.from({ length: ends.length }, (_, i) => i);
    order.sort((a, b) => key[a] - key[b] || timeNs[a] - timeNs[b] || role[a] - role[b] || a - b);
    const named = ends.bind.some(isSpan) ? sealedSpans() : noSpans;
    let previous = -1;
    let chainKey = NaN;
    for (const end of order) {
      if (key[end] !== chainKey || role[end] === FlowRole.start) previous = -1;
      chainKey = key[end];
      const span = boundSpan(ends, end, spans, firsts, originNs, named);
      if (span < 0 || (role[end] !== FlowRole.start && previous < 0)) dangling++;
      else if (previous >= 0) {
        from.push(previous);
        to.push(span);
        name.push(ends.name[end]);
      }
      // Several ends may share one start (a launch with several device events): only a step moves the chain on.
      if (span >= 0 && role[end] !== FlowRole.end) previous = span;
    }
  }
  const column = (values: readonly number[]): Uint32Array => {
    const target = new Uint32Array(allocate(values.length * 4));
    target.set(values);
    return target;
  };
  const notes: LedgerLine[] =
    dangling === 0
      ? []
      : [
          {
            level: "info",
            code: "danglingFlows",
            message: "flow ends without a partner or without a span to hold them",
            count: dangling,
            firstBytes: [],
          },
        ];
  return { table: { length: from.length, from: column(from), to: column(to), name: column(name) }, notes };
}

const noSpans = new Uint32Array(0);
const isSpan = (bind: number): boolean => bind >= 0;

/** SpanId that an end belongs to, -1 for none. `named`: SpanIds by push order. */
function boundSpan(
  ends: FlowEnds,
  end: number,
  spans: SpanTable,
  firsts: Uint32Array,
  originNs: number,
  named: Uint32Array,
): number {
  if (isSpan(ends.bind[end])) return named[ends.bind[end]];
  const track = ends.track[end];
  const time = ends.timeNs[end] - originNs;
  const first = firsts[track];
  const last = firsts[track + 1];
  if (ends.bind[end] === FlowBind.next) {
    const next = lowerBound(spans.startNs, time, first, last);
    return next < last ? next : -1;
  }
  // The last span that starts at or before `time`, or one of its ancestors, encloses it.
  let span = lowerBound(spans.startNs, time + 1, first, last) - 1;
  while (span >= first && endOf(spans, span) < time) {
    const parent = spans.parent[span];
    if (parent < 0) return spans.lane === undefined ? -1 : enclosingOnAnyLane(spans, span - 1, first, time);
    span = parent;
  }
  return span >= first ? span : -1;
}

/** Looks back over spans of other lanes; bounded, since arrows bind close to their start. */
function enclosingOnAnyLane(spans: SpanTable, from: number, first: number, time: number): number {
  for (let span = from; span >= Math.max(first, from - 64); span--) if (endOf(spans, span) >= time) return span;
  return -1;
}
