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
  /** The line is dashed, as it is in the chart. */
  readonly isDashed?: boolean;
  /** In quieter letters behind the title: "published, RTX 3080". */
  readonly note?: string;
}
