import { axisTitle, type PlacedAxis } from "./axis.ts";

const tickSizePx = 11;

export interface PlotArea {
  readonly leftPx: number;
  readonly topPx: number;
  readonly rightPx: number;
  readonly bottomPx: number;
}

/** Values along the lower edge, with grid lines upward. */
export function BottomAxis({ placed, area }: { readonly placed: PlacedAxis; readonly area: PlotArea }) {
  return (
    <g fontSize={tickSizePx} fill="var(--text-soft)" textAnchor="middle" aria-hidden>
      {placed.ticks.map((tick) => (
        <g key={tick.px}>
          <line
            x1={tick.px}
            x2={tick.px}
            y1={area.topPx}
            y2={area.bottomPx + (tick.text === "" ? 0 : 4)}
            stroke="var(--grid)"
          />
          <text x={tick.px} y={area.bottomPx + 16}>
            {tick.text}
          </text>
        </g>
      ))}
      <line x1={area.leftPx} x2={area.rightPx} y1={area.bottomPx} y2={area.bottomPx} stroke="var(--border-strong)" />
      <text x={(area.leftPx + area.rightPx) / 2} y={area.bottomPx + 34}>
        {axisTitle(placed.axis)}
      </text>
    </g>
  );
}

/** Values along the left edge, with grid lines to the right; its title lies above, so that nobody turns their head. */
export function LeftAxis({ placed, area }: { readonly placed: PlacedAxis; readonly area: PlotArea }) {
  return (
    <g fontSize={tickSizePx} fill="var(--text-soft)" textAnchor="end" aria-hidden>
      {placed.ticks.map((tick) => (
        <g key={tick.px}>
          <line x1={area.leftPx} x2={area.rightPx} y1={tick.px} y2={tick.px} stroke="var(--grid)" />
          <text x={area.leftPx - 7} y={tick.px} dy="0.34em">
            {tick.text}
          </text>
        </g>
      ))}
      <text x={area.leftPx} y={area.topPx - 10} textAnchor="start">
        {axisTitle(placed.axis)}
      </text>
    </g>
  );
}
