import * as fc from "fast-check";
import { SpanKind, spanKindNames } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { rowOfSpan } from "../../../traces/query/rows-of.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import { chainOf, toPlainSpans, type PlainSpan } from "./random-trace.ts";

const time = fc.oneof(fc.nat(50), fc.constantFrom(5_000_000_000, 5_000_000_005, 9_000_000_000));

/** Any mix of limits; ids may be out of range. */
export const randomScope: fc.Arbitrary<Scope> = fc
  .record(
    {
      range: fc.tuple(time, time),
      tracks: fc.array(fc.nat(9), { maxLength: 4 }),
      rows: fc.array(fc.nat(12), { maxLength: 6 }),
      kinds: fc.subarray([...spanKindNames]),
      below: fc.nat(61),
      nameContains: fc.constantFrom("", "a", "A", "proto", "zzz"),
    },
    { requiredKeys: [] },
  )
  .map(({ range, ...scope }) => (range === undefined ? scope : { ...scope, startNs: range[0], endNs: range[1] }));

/** The definition of a scope, span by span. */
export function spansInScope(trace: Trace, scope: Scope): PlainSpan[] {
  const all = toPlainSpans(trace);
  const { tracks, rows, kinds, below, nameContains } = scope;
  const limits: ((span: PlainSpan) => boolean)[] = [(span) => meetsRange(scope, span)];
  if (tracks !== undefined) limits.push((span) => tracks.includes(span.track));
  if (rows !== undefined) limits.push((span) => rows.includes(rowOfSpan(trace, span.span)));
  if (kinds !== undefined) limits.push((span) => kinds.some((kind) => SpanKind[kind] === span.kind));
  if (below !== undefined) limits.push((span) => chainOf(all, span).some((at) => at.span === below));
  if (nameContains !== undefined) limits.push((span) => span.name.toLowerCase().includes(nameContains.toLowerCase()));
  return all.filter((span) => limits.every((holds) => holds(span)));
}

function meetsRange({ startNs, endNs }: Scope, span: PlainSpan): boolean {
  if (startNs === undefined || endNs === undefined) return true;
  if (startNs >= endNs) return false;
  const overlaps = span.startNs < endNs && span.endNs > startNs;
  return overlaps || (span.startNs >= startNs && span.startNs < endNs);
}

export function clippedNs(scope: Scope, span: PlainSpan): number {
  return Math.min(span.endNs, scope.endNs ?? Infinity) - Math.max(span.startNs, scope.startNs ?? -Infinity);
}
