import type { PlotArea } from "./Axis.tsx";
import type { ChartSize } from "./ChartFrame.tsx";

const margin = { leftPx: 58, rightPx: 18, topPx: 26, bottomPx: 44 };
const leastPx = 40;

/** Where the marks lie in a chart with a left and a bottom axis. */
export function plotAreaOf({ widthPx, heightPx }: ChartSize): PlotArea {
  return {
    leftPx: margin.leftPx,
    topPx: margin.topPx,
    rightPx: Math.max(margin.leftPx + leastPx, widthPx - margin.rightPx),
    bottomPx: Math.max(margin.topPx + leastPx, heightPx - margin.bottomPx),
  };
}
