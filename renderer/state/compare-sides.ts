import type {
  CompareRequest,
  CompareSide,
  Correction,
  MeasurementsRequest,
} from "../../electron/contract/compare-contract.ts";
import type { ComparisonOptions } from "../../traces/compare/comparison.ts";
import { formatDuration } from "../../traces/model/format-units.ts";
import type { TraceTab } from "./trace-tab.ts";

export type SideName = "before" | "after";

/** A file of a side. The token outlives a second reading of the file; keys of tabs do not. */
export interface SidePart {
  readonly token: string;
  readonly range: PartRange;
}

/** What of a trace takes part. */
export type PartRange =
  | { readonly kind: "whole" }
  | { readonly kind: "range"; readonly startNs: number; readonly endNs: number }
  /** A span and what is below or during it. */
  | { readonly kind: "span"; readonly span: number; readonly name: string };

export type CompareSides = Readonly<Record<SideName, readonly SidePart[]>>;

export const noSides: CompareSides = { before: [], after: [] };

export const otherSide = (side: SideName): SideName => (side === "before" ? "after" : "before");
export const sideLetter = (side: SideName): "A" | "B" => (side === "before" ? "A" : "B");

/** A part with its open tab; parts of closed tabs are left out. */
export function openParts(
  parts: readonly SidePart[],
  tabs: readonly TraceTab[],
): readonly { readonly part: SidePart; readonly tab: TraceTab }[] {
  return parts.flatMap((part) => {
    const tab = tabs.find((candidate) => candidate.token === part.token);
    return tab === undefined ? [] : [{ part, tab }];
  });
}

/** What to ask the engine: by the key that the runner chooses, or of result files. */
export type ComparisonQuestion =
  | ({ readonly kind: "traces" } & Omit<CompareRequest, "comparison">)
  | ({ readonly kind: "results" } & MeasurementsRequest)
  /** Traces and benchmark results have nothing in common. */
  | { readonly kind: "mixed" };

/** Null while a side is empty or a file of it is not ready. */
export function questionOf(
  sides: CompareSides,
  tabs: readonly TraceTab[],
  options: ComparisonOptions,
  itemsPerStep: number | null,
): ComparisonQuestion | null {
  const open = { before: openParts(sides.before, tabs), after: openParts(sides.after, tabs) };
  const all = [...open.before, ...open.after].map(({ tab }) => tab);
  const results = all.filter((tab) => tab.measurements !== null);
  if (results.length === 0) {
    const before = sideOf(sides.before, tabs, itemsPerStep);
    const after = sideOf(sides.after, tabs, itemsPerStep);
    return before === null || after === null ? null : { kind: "traces", before, after, options };
  }
  if (open.before.length === 0 || open.after.length === 0 || all.some((tab) => tab.load.kind !== "ready")) return null;
  if (results.length < all.length) return { kind: "mixed" };
  const tokens = (side: SideName): readonly string[] => open[side].map(({ part }) => part.token);
  const corrections = results.flatMap((tab): readonly Correction[] => tab.corrections);
  return { kind: "results", before: tokens("before"), after: tokens("after"), options, corrections };
}

function sideOf(
  parts: readonly SidePart[],
  tabs: readonly TraceTab[],
  itemsPerStep: number | null,
): CompareSide | null {
  const open = openParts(parts, tabs);
  if (open.length === 0 || open.some(({ tab }) => tab.load.kind !== "ready")) return null;
  return {
    label: "",
    itemsPerStep,
    traces: open.map(({ part: { range }, tab }) => {
      if (range.kind === "range") return { trace: tab.key, startNs: range.startNs, endNs: range.endNs };
      return range.kind === "span" ? { trace: tab.key, during: range.span } : { trace: tab.key };
    }),
  };
}

/** The part of a trace that its selection stands for; null when nothing is selected that could be compared alone. */
export function selectedRange(tab: TraceTab): PartRange | null {
  const { selection } = tab;
  switch (selection.kind) {
    case "area":
    case "range":
      return { kind: "range", startNs: selection.startNs, endNs: selection.endNs };
    case "span":
      return { kind: "span", span: selection.span.span, name: selection.span.name };
    case "none":
    case "instant":
      return null;
  }
}

/** "whole trace", "range of 12.4 ms", "during ProfilerStep#3". */
export function rangeWords(range: PartRange): string {
  switch (range.kind) {
    case "whole":
      return "whole trace";
    case "range":
      return `range of ${formatDuration(range.endNs - range.startNs)}`;
    case "span":
      return `during ${range.name}`;
  }
}
