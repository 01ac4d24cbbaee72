import type { TraceSummary } from "../../electron/contract/engine-contract.ts";
import { thinSpace } from "../../traces/model/format-units.ts";
import type { Pen } from "../charts/svg-pen.ts";
import { type Coloring, coloringWords, shareColor } from "../theme/coloring.ts";
import { toHex } from "../theme/color.ts";
import type { Palette } from "../theme/palette.ts";
import { kindTitle } from "../ui/KindMark.tsx";
import { fitText } from "../ui/fit-text.ts";
import type { PictureRaster } from "./picture-raster.ts";

export const legendHeightPx = 26;
const markPx = 10;
const gapPx = 14;
const longestNamePx = 180;
const rampWidthPx = 160;

export interface LegendSource {
  readonly coloring: Coloring;
  readonly palette: Palette;
  readonly summary: Pick<TraceSummary, "kinds">;
  readonly raster: PictureRaster | null;
  readonly nameOf: (id: number) => string | undefined;
}

interface LegendEntry {
  readonly title: string;
  readonly fill: string;
}

/** Draws one line that says what the colors of a picture mean, from the left end until its entries no longer fit. CSS px. */
export function drawLegend(context: Pen, source: LegendSource, widthPx: number): void {
  const { palette, coloring } = source;
  context.fillStyle = palette.css.surfaceRaised;
  context.fillRect(0, 0, widthPx, legendHeightPx);
  context.fillStyle = palette.css.border;
  context.fillRect(0, 0, widthPx, 1);
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const middle = legendHeightPx / 2 + 0.5;
  const write = (text: string, x: number, color: string): number => {
    context.fillStyle = color;
    context.fillText(text, x, middle);
    return x + context.measureText(text).width;
  };
  let x = write(`Color: ${coloringWords[coloring].title.toLowerCase()}`, 10, palette.css.text) + gapPx;
  if (coloring === "selfShare") {
    x = write(`0${thinSpace}%`, x, palette.css.textSoft) + 6;
    for (let px = 0; px < rampWidthPx; px++) {
      context.fillStyle = toHex(shareColor(palette, px / (rampWidthPx - 1)));
      context.fillRect(x + px, middle - markPx / 2, 1.5, markPx);
    }
    write(`100${thinSpace}%`, x + rampWidthPx + 6, palette.css.textSoft);
    return;
  }
  for (const { title, fill } of coloring === "kind" ? kindEntries(source) : nameEntries(source)) {
    const text = fitText(context, title, longestNamePx);
    if (x + markPx + 5 + context.measureText(text).width > widthPx - 8) return;
    context.fillStyle = fill;
    context.fillRect(x, middle - markPx / 2, markPx, markPx);
    x = write(text, x + markPx + 5, palette.css.textSoft) + gapPx;
  }
}

function kindEntries({ palette, summary }: LegendSource): readonly LegendEntry[] {
  return summary.kinds
    .toSorted((a, b) => b.totalNs - a.totalNs)
    .map(({ kind }) => ({ title: kindTitle(kind), fill: palette.kindFill[kind] }));
}

/** Names of the spans wide enough to be told apart, those that take most of the picture first. */
function nameEntries({ palette, raster, nameOf }: LegendSource): readonly LegendEntry[] {
  if (raster === null) return [];
  const { table } = raster.boxes;
  const found = new Map<number, { widthPx: number; readonly slot: number }>();
  table.name.forEach((id, box) => {
    const entry = found.get(id) ?? { widthPx: 0, slot: table.slot[box] ?? 0 };
    entry.widthPx += (table.rightPx[box] ?? 0) - (table.leftPx[box] ?? 0);
    found.set(id, entry);
  });
  return [...found]
    .toSorted(([, a], [, b]) => b.widthPx - a.widthPx)
    .flatMap(([id, { slot }]) => {
      const title = nameOf(id);
      return title === undefined ? [] : [{ title, fill: raster.palette.slotFill[slot] ?? palette.css.text }];
    });
}
