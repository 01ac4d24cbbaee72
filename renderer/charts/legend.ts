import type { MarkShape } from "./marks.tsx";

/** One line of a legend: what a color, shape or pattern stands for. */
export interface LegendEntry {
  readonly id: string;
  readonly title: string;
  /** CSS color, a token as `var(--name)`. */
  readonly color: string;
  /** A mark of a line, a filled area, a hatched area, or a plain line. */
  readonly sign: MarkShape | "area" | "hatch" | "line";
  /** The mark is outlined. */
  readonly isHollow?: boolean;
  /** SVG dash pattern of the line, that of the chart; absent: solid. */
  readonly dash?: string;
  /** A shorter name for an entry that belongs to the one above it: "affine fit". */
  readonly partTitle?: string;
  /** In quieter letters behind the title: "published, RTX 3080". */
  readonly note?: string;
}
