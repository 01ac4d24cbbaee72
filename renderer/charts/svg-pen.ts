const svgNamespace = "http://www.w3.org/2000/svg";

/** What the canvases of this program use of a 2D context: enough to draw the same picture as SVG. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineJoin"
  | "font"
  | "textAlign"
  | "textBaseline"
  | "globalAlpha"
  | "save"
  | "restore"
  | "beginPath"
  | "closePath"
  | "moveTo"
  | "lineTo"
  | "bezierCurveTo"
  | "arc"
  | "rect"
  | "roundRect"
  | "fill"
  | "stroke"
  | "clip"
  | "translate"
  | "fillRect"
  | "strokeRect"
  | "fillText"
  | "strokeText"
  | "measureText"
  | "setLineDash"
  | "createPattern"
  | "createLinearGradient"
>;

type Attributes = Readonly<Record<string, string | number>>;

interface PenState {
  readonly group: SVGElement;
  readonly font: string;
}

type Corners = number | DOMPointInit | Iterable<number | DOMPointInit>;

/**
 * Draws into an `<svg>` of its own what would have been pixels. Texts go through the DOM, so that names cannot become
 * markup; patterns are pictures inside the file.
 */
export class SvgPen implements Pen {
  fillStyle: CanvasRenderingContext2D["fillStyle"] = "#000000";
  strokeStyle: CanvasRenderingContext2D["strokeStyle"] = "#000000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  font = "12px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  globalAlpha = 1;
  readonly svg: SVGSVGElement;
  readonly #measure: CanvasRenderingContext2D | null = document.createElement("canvas").getContext("2d");
  readonly #paints = new Map<CanvasPattern | CanvasGradient, string>();
  readonly #states: PenState[] = [];
  #group: SVGElement;
  #dash = "";
  /** The path that has begun, and the last rectangle of it. */
  #path = "";
  #rect: readonly [x: number, y: number, width: number, height: number] | null = null;

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
    this.#path = "";
    this.#rect = null;
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#path += `C${[x1, y1, x2, y2, x, y].map(short).join(" ")}`;
  }

  /** Clockwise. In two halves, since an arc of SVG cannot end where it begins. */
  arc(x: number, y: number, radius: number, startAngle: number, endAngle: number): void {
    const at = (angle: number): string =>
      `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const curve = `A${short(radius)} ${short(radius)} 0 0 1 `;
    this.#path += `${this.#path === "" ? "M" : "L"}${at(startAngle)}`;
    this.#path += `${curve}${at((startAngle + endAngle) / 2)}${curve}${at(endAngle)}`;
  }

  closePath(): void {
    this.#path += "Z";
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#rect = [x, y, width, height];
    this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
  }

  /** With one radius for all corners. */
  roundRect(x: number, y: number, width: number, height: number, corners: Corners = 0): void {
    const radius = typeof corners === "number" ? corners : 0;
    const turn = (toX: number, toY: number): string =>
      `a${short(radius)} ${short(radius)} 0 0 1 ${short(toX)} ${short(toY)}`;
    const [across, down] = [width - 2 * radius, height - 2 * radius];
    this.#path +=
      `M${short(x + radius)} ${short(y)}h${short(across)}${turn(radius, radius)}v${short(down)}${turn(-radius, radius)}` +
      `h${short(-across)}${turn(-radius, -radius)}v${short(-down)}${turn(radius, -radius)}Z`;
  }

  fill(): void {
    if (this.#path !== "") this.#append("path", { d: this.#path, ...this.#fill() });
  }

  stroke(): void {
    if (this.#path !== "") this.#append("path", { d: this.#path, ...this.#stroke() });
  }

  clip(): void {
    if (this.#rect === null) return;
    const [x, y, width, height] = this.#rect;
    // A nested `<svg>` cuts off what lies outside of it.
    const frame = { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: "hidden" };
    this.#group = this.#append("svg", frame);
  }

  translate(x: number, y: number): void {
    this.#group = this.#append("g", { transform: `translate(${x} ${y})` });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    this.#append("rect", { x, y, width, height, ...this.#fill() });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#append("rect", { x, y, width, height, ...this.#stroke() });
  }

  fillText(text: string, x: number, y: number): void {
    this.#append("text", { x, y, ...this.#lettering(), ...this.#fill() }).textContent = text;
  }

  strokeText(text: string, x: number, y: number): void {
    this.#append("text", { x, y, ...this.#lettering(), ...this.#stroke() }).textContent = text;
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
    const id = `pattern-${this.#paints.size}`;
    const { width, height } = image;
    const pattern = document.createElementNS(svgNamespace, "pattern");
    set(pattern, { id, width, height, patternUnits: "userSpaceOnUse" });
    const tile = document.createElementNS(svgNamespace, "image");
    set(tile, { width, height, href: image.toDataURL() });
    pattern.append(tile);
    this.svg.append(pattern);
    const token: CanvasPattern = { setTransform: () => undefined };
    this.#paints.set(token, `url(#${id})`);
    return token;
  }

  createLinearGradient(x1: number, y1: number, x2: number, y2: number): CanvasGradient {
    const id = `gradient-${this.#paints.size}`;
    const gradient = document.createElementNS(svgNamespace, "linearGradient");
    set(gradient, { id, x1, y1, x2, y2, gradientUnits: "userSpaceOnUse" });
    this.svg.append(gradient);
    const token: CanvasGradient = {
      addColorStop(offset, color) {
        const stop = document.createElementNS(svgNamespace, "stop");
        const [, solid, alpha] = /^(#[\da-f]{6})([\da-f]{2})$/i.exec(color) ?? [];
        // Eight digits are not a color to every program that reads SVG.
        if (solid === undefined || alpha === undefined) set(stop, { offset, "stop-color": color });
        else set(stop, { offset, "stop-color": solid, "stop-opacity": Number.parseInt(alpha, 16) / 255 });
        gradient.append(stop);
      },
    };
    this.#paints.set(token, `url(#${id})`);
    return token;
  }

  #paint(style: CanvasRenderingContext2D["fillStyle"]): string {
    if (typeof style === "string") return style;
    return this.#paints.get(style) ?? "none";
  }

  #fill(): Attributes {
    return { fill: this.#paint(this.fillStyle), ...this.#opacity() };
  }

  #stroke(): Attributes {
    const line = { fill: "none", stroke: this.#paint(this.strokeStyle), "stroke-width": this.lineWidth };
    const join = this.lineJoin === "miter" ? {} : { "stroke-linejoin": this.lineJoin };
    const dash = this.#dash === "" ? {} : { "stroke-dasharray": this.#dash };
    return { ...line, ...join, ...dash, ...this.#opacity() };
  }

  #lettering(): Attributes {
    const size = /([\d.]+)px/.exec(this.font)?.[1] ?? "12";
    const weight = /^\d{3}\b/.exec(this.font)?.[0];
    const anchor = { center: "middle", end: "end", right: "end", start: "start", left: "start" }[this.textAlign];
    const baseline = this.textBaseline === "middle" ? { "dominant-baseline": "central" } : {};
    const thickness = weight === undefined ? {} : { "font-weight": weight };
    return { "font-size": size, ...thickness, "text-anchor": anchor, ...baseline };
  }

  #opacity(): Attributes {
    return this.globalAlpha === 1 ? {} : { opacity: this.globalAlpha };
  }

  #append(tag: string, attributes: Attributes): SVGElement {
    const element = document.createElementNS(svgNamespace, tag);
    set(element, attributes);
    this.#group.append(element);
    return element;
  }
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, typeof value === "number" ? short(value) : value);
}

/** To a hundredth of a pixel. */
const short = (value: number): string => String(Math.round(value * 100) / 100);
