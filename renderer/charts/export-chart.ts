import { signHeightPx, signWidthPx } from "./LegendSign.tsx";

const svgNamespace = "http://www.w3.org/2000/svg";
const padPx = 16;
const titleSizePx = 15;
const titleRowPx = 21;
const wordsSizePx = 12;
const wordsRowPx = 17;
const signGapPx = 5;
const entryGapPx = 22;

/** A line of the legend as it stands on the screen. */
export interface DrawnLegendEntry {
  readonly text: string;
  readonly sign: SVGElement;
}

export interface ChartExport {
  readonly title: string;
  /** What the numbers hold for, below the title; absent: nothing is told there. */
  readonly about?: string;
  readonly legend: readonly DrawnLegendEntry[];
  /** The value of a custom property: "--text" → "#1b1f24". */
  readonly readToken: (name: string) => string;
}

/**
 * The chart as a picture that stands alone: title, what it holds for, legend, background, tokens replaced by their
 * colors. Parts marked `data-screen-only` (what follows the pointer) stay behind. All texts go through the DOM, so that
 * names cannot become markup; what is too long for the width goes on in the next line.
 */
export function toSvgText(chart: SVGSVGElement, { title, about = "", legend, readToken }: ChartExport): string {
  const { width, height } = chart.viewBox.baseVal;
  const font = readToken("--font");
  const measure = createMeasure(font);
  const titleLines = wrapText(title, width, (text) => measure(text, titleSizePx, 600));
  const aboutLines = about === "" ? [] : wrapText(about, width, (text) => measure(text, wordsSizePx));
  const entries = placeLegend(legend, width, (text) => measure(text, wordsSizePx));
  const legendRowCount = entries.reduce((most, { row, lines }) => Math.max(most, row + lines.length), 0);
  const aboutTopPx = padPx + titleLines.length * titleRowPx;
  const legendTopPx = aboutTopPx + aboutLines.length * wordsRowPx + 8;
  const chartTopPx = legendTopPx + legendRowCount * wordsRowPx + (legendRowCount === 0 ? 0 : 8);
  const size = { width: width + 2 * padPx, height: chartTopPx + height + padPx };

  const root = document.createElementNS(svgNamespace, "svg");
  root.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  root.setAttribute("width", String(size.width));
  root.setAttribute("height", String(size.height));
  root.setAttribute("font-family", font);
  root.setAttribute("font-size", String(wordsSizePx));
  root.setAttribute("style", "font-variant-numeric: tabular-nums");
  append(root, "title", {}, title);
  append(root, "rect", { width: size.width, height: size.height, fill: "var(--surface-panel)" });
  const titleLook = { fill: "var(--text)", "font-size": titleSizePx, "font-weight": 600 };
  for (const [row, line] of titleLines.entries())
    append(root, "text", { x: padPx, y: padPx + titleSizePx + row * titleRowPx, ...titleLook }, line);
  const softLook = { fill: "var(--text-soft)" };
  for (const [row, line] of aboutLines.entries())
    append(root, "text", { x: padPx, y: aboutTopPx + wordsSizePx + row * wordsRowPx, ...softLook }, line);
  for (const { sign, lines, row, xPx } of entries) {
    const topPx = legendTopPx + row * wordsRowPx;
    root.append(place(sign, padPx + xPx, topPx, signWidthPx, signHeightPx));
    for (const [index, line] of lines.entries()) {
      const y = topPx + signHeightPx - 2 + index * wordsRowPx;
      append(root, "text", { x: padPx + xPx + signWidthPx + signGapPx, y, ...softLook }, line);
    }
  }
  root.append(place(chart, padPx, chartTopPx, width, height));
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
  readonly sign: SVGElement;
  readonly lines: readonly string[];
  readonly row: number;
  readonly xPx: number;
}

/** One entry beside the other as long as there is room; one that is wider than all has the rows for itself. */
function placeLegend(
  legend: readonly DrawnLegendEntry[],
  widthPx: number,
  measure: (text: string) => number,
): readonly PlacedEntry[] {
  const placed: PlacedEntry[] = [];
  let next = { row: 0, xPx: 0 };
  for (const { text, sign } of legend) {
    const lines = wrapText(text, widthPx - signWidthPx - signGapPx, measure);
    const entryPx = signWidthPx + signGapPx + Math.max(...lines.map(measure));
    if (next.xPx > 0 && (lines.length > 1 || next.xPx + entryPx > widthPx)) next = { row: next.row + 1, xPx: 0 };
    placed.push({ sign, lines, ...next });
    next =
      lines.length > 1
        ? { row: next.row + lines.length, xPx: 0 }
        : { row: next.row, xPx: next.xPx + entryPx + entryGapPx };
  }
  return placed;
}

/** Lines that fit, broken between words; a word that is wider than a line stands alone. Never none. */
export function wrapText(text: string, widthPx: number, measure: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && measure(longer) > widthPx) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Average width of a letter in parts of its size, for pages that cannot measure. */
const letterShare = 0.55;

function createMeasure(font: string): (text: string, sizePx: number, weight?: number) => number {
  const context = document.createElement("canvas").getContext("2d");
  return (text, sizePx, weight = 400) => {
    if (context === null) return text.length * sizePx * letterShare;
    context.font = `${weight} ${sizePx}px ${font}`;
    return context.measureText(text).width;
  };
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
