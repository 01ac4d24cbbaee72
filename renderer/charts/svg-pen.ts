const svgNamespace = "http://www.w3.org/2000/svg";

/** What the canvases of this program use of a 2D context: enough to draw the same picture as SVG. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "font"
  | "textAlign"
  | "textBaseline"
  | "globalAlpha"
  | "save"
  | "restore"
  | "beginPath"
  | "rect"
  | "clip"
  | "translate"
  | "fillRect"
  | "strokeRect"
  | "fillText"
  | "measureText"
  | "setLineDash"
  | "createPattern"
>;

interface PenState {
  readonly group: SVGElement;
  readonly font: string;
}

/**
 * Draws into an `<svg>` of its own what would have been pixels. Texts go through the DOM, so that names cannot become
 * markup; patterns are pictures inside the file.
 */
export class SvgPen implements Pen {
  fillStyle: CanvasRenderingContext2D["fillStyle"] = "#000000";
  strokeStyle: CanvasRenderingContext2D["strokeStyle"] = "#000000";
  lineWidth = 1;
  font = "12px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  globalAlpha = 1;
  readonly svg: SVGSVGElement;
  readonly #measure: CanvasRenderingContext2D | null = document.createElement("canvas").getContext("2d");
  readonly #patterns = new Map<CanvasPattern, string>();
  readonly #states: PenState[] = [];
  #group: SVGElement;
  #dash = "";
  #pending: readonly [x: number, y: number, width: number, height: number] | null = null;

  constructor(widthPx: number, heightPx: number) {
    this.svg = document.createElementNS(svgNamespace, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${widthPx} ${heightPx}`);
    this.#group = this.svg;
  }

  save(): void {
    this.#states.push({ group: this.#group, font: this.font });
  }

  restore(): void {
    const state = this.#states.pop();
    if (state === undefined) return;
    this.#group = state.group;
    this.font = state.font;
  }

  beginPath(): void {
    this.#pending = null;
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#pending = [x, y, width, height];
  }

  clip(): void {
    if (this.#pending === null) return;
    const [x, y, width, height] = this.#pending;
    // A nested `<svg>` cuts off what lies outside of it.
    const frame = { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: "hidden" };
    this.#group = this.#append("svg", frame);
  }

  translate(x: number, y: number): void {
    this.#group = this.#append("g", { transform: `translate(${x} ${y})` });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    this.#append("rect", { x, y, width, height, fill: this.#paint(this.fillStyle), ...this.#opacity() });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    const stroke = { fill: "none", stroke: this.#paint(this.strokeStyle), "stroke-width": this.lineWidth };
    const dash = this.#dash === "" ? {} : { "stroke-dasharray": this.#dash };
    this.#append("rect", { x, y, width, height, ...stroke, ...dash, ...this.#opacity() });
  }

  fillText(text: string, x: number, y: number): void {
    const size = /([\d.]+)px/.exec(this.font)?.[1] ?? "12";
    const anchor = { center: "middle", end: "end", right: "end", start: "start", left: "start" }[this.textAlign];
    const baseline = this.textBaseline === "middle" ? { "dominant-baseline": "central" } : {};
    const look = { "font-size": size, "text-anchor": anchor, fill: this.#paint(this.fillStyle) };
    this.#append("text", { x, y, ...look, ...baseline, ...this.#opacity() }).textContent = text;
  }

  measureText(text: string): TextMetrics {
    if (this.#measure === null) return { width: text.length * 6 } as TextMetrics;
    this.#measure.font = this.font;
    return this.#measure.measureText(text);
  }

  setLineDash(segments: readonly number[]): void {
    this.#dash = segments.join(" ");
  }

  createPattern(image: CanvasImageSource): CanvasPattern | null {
    if (!(image instanceof HTMLCanvasElement)) return null;
    const id = `pattern-${this.#patterns.size}`;
    const { width, height } = image;
    const pattern = document.createElementNS(svgNamespace, "pattern");
    set(pattern, { id, width, height, patternUnits: "userSpaceOnUse" });
    const tile = document.createElementNS(svgNamespace, "image");
    set(tile, { width, height, href: image.toDataURL() });
    pattern.append(tile);
    this.svg.append(pattern);
    const token: CanvasPattern = { setTransform: () => undefined };
    this.#patterns.set(token, `url(#${id})`);
    return token;
  }

  #paint(style: CanvasRenderingContext2D["fillStyle"]): string {
    if (typeof style === "string") return style;
    return this.#patterns.get(style as CanvasPattern) ?? "none";
  }

  #opacity(): Readonly<Record<string, number>> {
    return this.globalAlpha === 1 ? {} : { opacity: this.globalAlpha };
  }

  #append(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
    const element = document.createElementNS(svgNamespace, tag);
    set(element, attributes);
    this.#group.append(element);
    return element;
  }
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
}
