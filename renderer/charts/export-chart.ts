import { signHeightPx, signWidthPx } from "./LegendSign.tsx";

const svgNamespace = "http://www.w3.org/2000/svg";
const padPx = 16;
const titleRowPx = 30;
const legendRowPx = 20;
/** Average width of a letter of 12 px; legends need no exact measure. */
const letterPx = 6.4;

/** A line of the legend as it stands on the screen. */
export interface DrawnLegendEntry {
  readonly text: string;
  readonly sign: SVGElement;
}

export interface ChartExport {
  readonly title: string;
  readonly legend: readonly DrawnLegendEntry[];
  /** The value of a custom property: "--text" → "#1b1f24". */
  readonly readToken: (name: string) => string;
}

/**
 * The chart as a picture that stands alone: title, legend, background, tokens replaced by their colors. Parts marked
 * `data-screen-only` (what follows the pointer) stay behind. All texts go through the DOM, so that names cannot become
 * markup.
 */
export function toSvgText(chart: SVGSVGElement, { title, legend, readToken }: ChartExport): string {
  const { width, height } = chart.viewBox.baseVal;
  const rows = legendRows(legend, width);
  const headPx = titleRowPx + rows.length * legendRowPx + (rows.length === 0 ? 0 : 6);
  const size = { width: width + 2 * padPx, height: headPx + height + 2 * padPx };

  const root = document.createElementNS(svgNamespace, "svg");
  root.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  root.setAttribute("width", String(size.width));
  root.setAttribute("height", String(size.height));
  root.setAttribute("font-family", readToken("--font"));
  root.setAttribute("font-size", "12");
  root.setAttribute("style", "font-variant-numeric: tabular-nums");
  append(root, "rect", { width: size.width, height: size.height, fill: "var(--surface-panel)" });
  append(root, "text", { x: padPx, y: padPx + 14, fill: "var(--text)", "font-size": 15, "font-weight": 600 }, title);
  for (const [line, entries] of rows.entries())
    for (const { entry, xPx } of entries) {
      const topPx = padPx + titleRowPx + line * legendRowPx - 4;
      root.append(place(entry.sign, padPx + xPx, topPx, signWidthPx, signHeightPx));
      append(
        root,
        "text",
        { x: padPx + xPx + signWidthPx + 4, y: topPx + signHeightPx - 2, fill: "var(--text-soft)" },
        entry.text,
      );
    }
  root.append(place(chart, padPx, padPx + headPx, width, height));
  return replaceTokens(new XMLSerializer().serializeToString(root), readToken);
}

/** The picture as pixels, `scale` device pixels a CSS px. */
export async function toPng(svgText: string, scale: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svgText], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no 2D canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Replaces `var(--name)` by the value of the token, quotation marks made safe for an attribute. */
export function replaceTokens(text: string, readToken: (name: string) => string): string {
  return text.replace(/var\((--[\w-]+)\)/g, (_whole, name: string) => readToken(name).replaceAll('"', "'"));
}

interface PlacedEntry {
  readonly entry: DrawnLegendEntry;
  readonly xPx: number;
}

function legendRows(legend: readonly DrawnLegendEntry[], widthPx: number): readonly (readonly PlacedEntry[])[] {
  const rows: PlacedEntry[][] = [];
  let xPx = 0;
  for (const entry of legend) {
    const entryPx = signWidthPx + 24 + letterPx * entry.text.length;
    const row = rows.at(-1);
    if (row === undefined || xPx + entryPx > widthPx) {
      rows.push([{ entry, xPx: 0 }]);
      xPx = entryPx;
    } else {
      row.push({ entry, xPx });
      xPx += entryPx;
    }
  }
  return rows;
}

/** A copy of a drawing at a place of the whole; without what belongs to the page. */
function place(drawing: SVGElement, xPx: number, yPx: number, widthPx: number, heightPx: number): SVGElement {
  const copy = drawing.cloneNode(true) as SVGElement;
  for (const part of copy.querySelectorAll("[data-screen-only]")) part.remove();
  for (const part of [copy, ...copy.querySelectorAll("*")])
    // What paints refer to keeps its name.
    for (const name of ["class", "style", "tabindex", ...(part.tagName === "pattern" ? [] : ["id"])])
      part.removeAttribute(name);
  for (const [name, value] of Object.entries({ x: xPx, y: yPx, width: widthPx, height: heightPx }))
    copy.setAttribute(name, String(value));
  return copy;
}

function append(parent: Element, name: string, attributes: Readonly<Record<string, string | number>>, text = ""): void {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  parent.append(element);
}
