import type { DiffTree, StepPicture, WaterfallBar } from "../compare/comparison.ts";

/*
 * What sections are made of and writers know how to show. All text is plain: writers escape it for their format, and
 * nothing else may put markup into a report.
 */

export type Tone = "plain" | "good" | "bad" | "warning" | "muted";

export interface Cell {
  readonly text: string;
  /** What a click on the column's head sorts by; the text where absent. */
  readonly value?: number;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface Series {
  readonly label: string;
  /** Ascending. */
  readonly values: readonly number[];
}

export type Block =
  | { readonly kind: "text" | "verdict"; readonly text: string; readonly tone: Tone }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | {
      readonly kind: "table";
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      readonly omitted: number;
    }
  | { readonly kind: "waterfall"; readonly label: string; readonly bars: readonly WaterfallBar[] }
  | {
      readonly kind: "ecdf";
      readonly label: string;
      /** "ns" for times; else as the files call it. */
      readonly unit: string;
      readonly series: readonly Series[];
    }
  | { readonly kind: "curves"; readonly label: string; readonly xTitle: string; readonly curves: readonly Curve[] }
  | { readonly kind: "stack"; readonly label: string; readonly rows: readonly StackRow[] }
  | { readonly kind: "timelines"; readonly label: string; readonly picture: StepPicture }
  | { readonly kind: "flame"; readonly tree: DiffTree };

/** Times (ns) over sizes. */
export interface Curve {
  readonly label: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  /** A line through them; empty without a fit. */
  readonly fit: readonly { readonly x: number; readonly y: number }[];
}

/** One bar of parts that sum to its length. */
export interface StackRow {
  readonly label: string;
  readonly parts: readonly { readonly label: string; readonly ns: number }[];
}

export function cell(text: string, value?: number, tone?: Tone): Cell {
  return { text, ...(value !== undefined && { value }), ...(tone !== undefined && { tone }) };
}
