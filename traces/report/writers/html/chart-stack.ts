import { formatDuration } from "../../../model/format-units.ts";
import type { StackRow } from "../../block.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const rowHeight = 44;
/** Classes of colors and patterns in the style sheet. */
const colors = 8;

/** Bars on one scale, cut into parts; equal labels have equal colors. */
export function drawStack(label: string, rows: readonly StackRow[]): string {
  const longest = Math.max(1, ...rows.map(({ parts }) => parts.reduce((sum, { ns }) => sum + ns, 0)));
  const labels = [...new Set(rows.flatMap(({ parts }) => parts.filter(({ ns }) => ns > 0).map((part) => part.label)))];
  const drawn = rows.map(({ label: name, parts }, row) => {
    let x = 0;
    const pieces = parts.map((part) => {
      const size = (part.ns / longest) * width;
      const piece = `<rect class="part${labels.indexOf(part.label) % colors}" x="${at(x)}" y="${row * rowHeight + 18}" width="${at(size)}" height="20"><title>${escapeText(`${part.label}: ${formatDuration(part.ns)}`)}</title></rect>`;
      const text =
        size > 90
          ? `<text class="on" x="${at(x + 5)}" y="${row * rowHeight + 32}">${escapeText(part.label.slice(0, Math.floor(size / 8)))}</text>`
          : "";
      x += size;
      return part.ns > 0 ? piece + text : "";
    });
    return `<text x="0" y="${row * rowHeight + 13}">${escapeText(name)}</text>${pieces.join("")}`;
  });
  return `<svg class="chart" role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${width} ${rows.length * rowHeight}">${drawn.join("")}</svg>`;
}
