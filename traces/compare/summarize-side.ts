import type { LedgerLine } from "../model/ledger.ts";
import { SpanKind } from "../model/span-kind.ts";
import { durationOf } from "../model/trace.ts";
import type { ImportRecord, SideSummary } from "./comparison.ts";
import { conditionsOf } from "./conditions.ts";
import { fingerprintOf, type PreparedSide } from "./observations.ts";
import type { SideInput } from "./side.ts";

const longestStepList = 2000;

export function summarizeSide({ label, parts }: SideInput, side: PreparedSide, coverage: number): SideSummary {
  const { steps } = side;
  return {
    label: label === "" ? [...new Set(parts.map(({ fileName }) => fileName))].join(", ") : label,
    conditions: conditionsOf(parts.flatMap(({ trace }) => trace.meta.facts)),
    parts: parts.map(({ key, fileName, trace, startNs, endNs }) => ({
      trace: key,
      fileName,
      formatLabel: trace.meta.formatLabel,
      startNs: Math.max(0, startNs),
      endNs: Math.min(endNs, trace.meta.durationNs),
      spanCount: trace.spans.length,
    })),
    stepRule: steps.rule,
    steps: steps.records.slice(0, longestStepList),
    stepCount: steps.records.length,
    keptSteps: steps.kept.length,
    itemsPerStep: side.itemsPerStep,
    coverage,
    compileNs: compileTime(side),
  };
}

export function listImports(side: ImportRecord["side"], { parts }: SideInput): readonly ImportRecord[] {
  const lines = (list: readonly LedgerLine[]): ImportRecord["notes"] =>
    list.map(({ message, count }) => [message, count]);
  return parts.map((part) => {
    const { formatLabel, ledger } = part.trace.meta;
    return {
      side,
      fileName: part.fileName,
      formatLabel,
      fingerprint: fingerprintOf([part]),
      eventsRead: ledger.eventsRead,
      spans: part.trace.spans.length,
      dropped: lines(ledger.dropped),
      notes: lines(ledger.notes),
    };
  });
}

function compileTime({ parts }: PreparedSide): number {
  let sum = 0;
  for (const { trace, startNs, endNs } of parts)
    for (let span = 0; span < trace.spans.length; span++)
      if (
        trace.spans.kind[span] === SpanKind.compile &&
        trace.spans.startNs[span] >= startNs &&
        trace.spans.startNs[span] < endNs
      )
        sum += durationOf(trace.spans, span);
  return sum;
}
