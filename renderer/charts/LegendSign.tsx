import type { LegendEntry } from "./legend.ts";
import { Mark } from "./marks.tsx";

/** Wide enough to see a dash pattern beside the mark. */
export const signWidthPx = 30;
export const signHeightPx = 12;
const lineWidthPx = 27;

/** The sign of a legend line, in a box of this width and height at the place given: color, dashes and mark of its series. */
export function LegendSign({
  entry,
  xPx = 0,
  yPx = 0,
}: {
  readonly entry: Pick<LegendEntry, "color" | "sign" | "isHollow" | "dash">;
  readonly xPx?: number;
  readonly yPx?: number;
}) {
  const { color, sign, isHollow = false, dash } = entry;
  const middlePx = yPx + signHeightPx / 2;
  if (sign === "area") return <rect x={xPx + 2} y={yPx + 1} width={12} height={10} rx={2} fill={color} />;
  if (sign === "hatch")
    return (
      <g stroke={color} strokeWidth={1.5}>
        <rect x={xPx + 2.5} y={yPx + 1.5} width={11} height={9} fill="none" strokeWidth={1} />
        <path d={`M${xPx + 3},${yPx + 7}l5,-5M${xPx + 5},${yPx + 10}l8,-8M${xPx + 10},${yPx + 10}l3.5,-3.5`} />
      </g>
    );
  return (
    <g>
      {isHollow ? null : (
        <line
          x1={xPx}
          x2={xPx + lineWidthPx}
          y1={middlePx}
          y2={middlePx}
          stroke={color}
          strokeWidth={1.75}
          {...(dash === undefined ? {} : { strokeDasharray: dash })}
        />
      )}
      {sign === "line" ? null : (
        <Mark shape={sign} xPx={xPx + lineWidthPx / 2} yPx={middlePx} color={color} sizePx={3.5} isHollow={isHollow} />
      )}
    </g>
  );
}
