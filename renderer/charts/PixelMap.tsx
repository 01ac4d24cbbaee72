import { type PointerEvent, useMemo } from "react";
import { BottomAxis, LeftAxis } from "./Axis.tsx";
import { type ChartAxis, placeAxis } from "./axis.ts";
import { ChartFrame, type ChartFrameProps, type ChartSize } from "./ChartFrame.tsx";
import { plotAreaOf } from "./plot-area.ts";

/** A cell of a map, counted from its first row and column. */
export interface MapCell {
  readonly row: number;
  readonly column: number;
}

export interface PixelMapProps extends Pick<ChartFrameProps, "title" | "fileName" | "table" | "heightPx"> {
  /** Values row by row, `side`² of them; NaN is drawn as nothing. */
  readonly values: Float32Array;
  readonly side: number;
  /** Both axes reach from 0 to this. */
  readonly extent: number;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Colors of the lowest value, the highest and all between, 0 to 1 → "rgb(…)". */
  readonly color: (part: number) => string;
  readonly range: readonly [low: number, high: number];
  readonly format: (value: number) => string;
  /** The cell that is marked, here and in other maps of the same cells. */
  readonly marked: MapCell | null;
  readonly onMark: (cell: MapCell | null) => void;
}

/** A square map of many cells as pixels, with axes and a color bar; the first row lies at the bottom, as in papers. */
export function PixelMap(props: PixelMapProps) {
  return <ChartFrame {...props}>{(size) => <Plot map={props} size={size} />}</ChartFrame>;
}

const barPx = 12;
const barRoomPx = 64;

function Plot({ map, size }: { readonly map: PixelMapProps; readonly size: ChartSize }) {
  const { values, side, extent, x, y, color, range, title, marked, onMark, format } = map;
  const image = useMemo(() => paint(values, side, color, range), [values, side, color, range]);
  const bar = useMemo(() => paintBar(color), [color]);
  const { leftPx, topPx, rightPx, bottomPx } = plotAreaOf({ ...size, widthPx: size.widthPx - barRoomPx });
  // Square: both axes are the same time.
  const edgePx = Math.min(rightPx - leftPx, bottomPx - topPx);
  const area = { leftPx, topPx, rightPx: leftPx + edgePx, bottomPx: topPx + edgePx };
  const room = { tickPx: 44 };
  const xAxis = placeAxis(x, [0, extent], { ...room, fromPx: area.leftPx, toPx: area.rightPx });
  const yAxis = placeAxis(y, [0, extent], { ...room, fromPx: area.bottomPx, toPx: area.topPx });
  const endXPx = xAxis.toPx(extent) ?? area.rightPx;
  const endYPx = yAxis.toPx(extent) ?? area.topPx;
  const cellWidthPx = (endXPx - area.leftPx) / side;
  const cellHeightPx = (area.bottomPx - endYPx) / side;
  const handleMove = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - area.leftPx) / cellWidthPx);
    const row = Math.floor((area.bottomPx - (event.clientY - box.top)) / cellHeightPx);
    const isInside = column >= 0 && column < side && row >= 0 && row < side;
    onMark(isInside ? { row, column } : null);
  };
  return (
    <svg
      data-chart
      viewBox={`0 0 ${size.widthPx} ${size.heightPx}`}
      width={size.widthPx}
      height={size.heightPx}
      role="img"
      aria-label={`${title}: ${side} × ${side} cells from ${format(range[0])} to ${format(range[1])}`}
      onPointerMove={handleMove}
      onPointerLeave={() => onMark(null)}
    >
      <LeftAxis placed={yAxis} area={area} />
      <BottomAxis placed={xAxis} area={area} />
      <image
        href={image}
        x={area.leftPx}
        y={endYPx}
        width={endXPx - area.leftPx}
        height={area.bottomPx - endYPx}
        preserveAspectRatio="none"
        style={{ imageRendering: "pixelated" }}
      />
      {marked === null ? null : (
        <g data-screen-only stroke="var(--selection)" fill="none">
          <rect
            x={area.leftPx + marked.column * cellWidthPx - 1}
            y={area.bottomPx - (marked.row + 1) * cellHeightPx - 1}
            width={cellWidthPx + 2}
            height={cellHeightPx + 2}
            strokeWidth={1.5}
          />
        </g>
      )}
      <ColorBar
        image={bar}
        leftPx={area.rightPx + 12}
        topPx={endYPx}
        bottomPx={area.bottomPx}
        labels={range.map(format)}
      />
    </svg>
  );
}

function ColorBar({
  image,
  leftPx,
  topPx,
  bottomPx,
  labels,
}: {
  readonly image: string;
  readonly leftPx: number;
  readonly topPx: number;
  readonly bottomPx: number;
  readonly labels: readonly string[];
}) {
  const [low = "", high = ""] = labels;
  return (
    <g fontSize={11} fill="var(--text-soft)" aria-hidden>
      <image href={image} x={leftPx} y={topPx} width={barPx} height={bottomPx - topPx} preserveAspectRatio="none" />
      <text x={leftPx + barPx + 5} y={topPx + 9}>
        {high}
      </text>
      <text x={leftPx + barPx + 5} y={bottomPx}>
        {low}
      </text>
    </g>
  );
}

/** Pixels as a picture that exports carry along. The first row of values is the lowest line of pixels. */
function paint(
  values: Float32Array,
  side: number,
  color: (part: number) => string,
  [low, high]: readonly [number, number],
): string {
  return draw(side, side, (context) => {
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const value = values[row * side + column] ?? Number.NaN;
        if (!Number.isFinite(value)) continue;
        context.fillStyle = color(Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
        context.fillRect(column, side - 1 - row, 1, 1);
      }
  });
}

const barSteps = 128;

function paintBar(color: (part: number) => string): string {
  return draw(1, barSteps, (context) => {
    for (let step = 0; step < barSteps; step++) {
      context.fillStyle = color(1 - step / (barSteps - 1));
      context.fillRect(0, step, 1, 1);
    }
  });
}

function draw(width: number, height: number, body: (context: CanvasRenderingContext2D) => void): string {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  // Without a canvas (in tests without a browser) there is no picture, but there are axes and numbers.
  if (context === null) return "";
  body(context);
  return canvas.toDataURL();
}
