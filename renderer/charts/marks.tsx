/** Shapes that tell series apart without their colors. */
export const markShapes = ["circle", "square", "triangle", "diamond", "cross", "ring"] as const;
/** Those that stay apart when they are hollow: a hollow circle is a ring. */
export const hollowShapes: readonly MarkShape[] = ["square", "triangle", "diamond", "circle", "cross"];
export type MarkShape = (typeof markShapes)[number];

export interface MarkProps {
  readonly shape: MarkShape;
  readonly xPx: number;
  readonly yPx: number;
  /** CSS color, a token as `var(--name)`. */
  readonly color: string;
  readonly sizePx?: number;
  /** Outlined: reference and excluded points. */
  readonly isHollow?: boolean;
}

/** One point of a series. */
export function Mark({ shape, xPx, yPx, color, sizePx = 4, isHollow = false }: MarkProps) {
  const hollow = isHollow || shape === "ring" || shape === "cross";
  const paint = {
    fill: hollow ? "var(--surface-panel)" : color,
    stroke: color,
    strokeWidth: hollow ? 1.75 : 1,
  };
  if (shape === "circle" || shape === "ring") return <circle cx={xPx} cy={yPx} r={sizePx} {...paint} />;
  return <path d={markPath(shape, xPx, yPx, sizePx)} {...paint} {...(shape === "cross" ? { fill: "none" } : {})} />;
}

function markPath(shape: Exclude<MarkShape, "circle" | "ring">, x: number, y: number, r: number): string {
  switch (shape) {
    case "square": {
      const half = r * 0.9;
      return `M${x - half},${y - half}h${2 * half}v${2 * half}h${-2 * half}z`;
    }
    case "triangle":
      return `M${x},${y - r * 1.15}L${x + r * 1.1},${y + r * 0.85}H${x - r * 1.1}z`;
    case "diamond":
      return `M${x},${y - r * 1.25}L${x + r * 1.25},${y}L${x},${y + r * 1.25}L${x - r * 1.25},${y}z`;
    case "cross":
      return `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`;
  }
}

const seriesColorCount = 8;

/** Color and shape of the n-th series; shapes go on where colors repeat. */
export function seriesLook(index: number): { readonly color: string; readonly shape: MarkShape } {
  const shape = markShapes[(index + Math.floor(index / seriesColorCount)) % markShapes.length] ?? "circle";
  return { color: `var(--series-${(index % seriesColorCount) + 1})`, shape };
}
