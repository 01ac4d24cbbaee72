/** How a column writes numbers: "4,963.5" or "4.963,5"; undecided where nothing tells. */
export type NumberStyle = "point" | "comma" | "undecided" | "contradictory";

const shape = /^[+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?$/;
/** One separator with exactly three digits behind it and one to three before: a thousand or a fraction. */
const ambiguous = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** Whether a text looks like a number in any style. */
export function isNumberLike(text: string): boolean {
  return shape.test(text);
}

/** Decides how the numbers of a column are written, from all of them. */
export class NumberStyleVotes {
  #point = false;
  #comma = false;

  add(text: string): void {
    const mantissa = text.replace(/[eE].*$/, "");
    const lastPoint = mantissa.lastIndexOf(".");
    const lastComma = mantissa.lastIndexOf(",");
    if (lastPoint < 0 && lastComma < 0) return;
    if (lastPoint >= 0 && lastComma >= 0) return this.#vote(lastPoint > lastComma);
    const separator = lastPoint >= 0 ? "." : ",";
    const isRepeated = mantissa.indexOf(separator) !== mantissa.lastIndexOf(separator);
    if (isRepeated) return this.#vote(separator === ",");
    if (!ambiguous.test(mantissa)) this.#vote(separator === ".");
  }

  get style(): NumberStyle {
    if (this.#point && this.#comma) return "contradictory";
    return this.#point ? "point" : this.#comma ? "comma" : "undecided";
  }

  #vote(isPoint: boolean): void {
    if (isPoint) this.#point = true;
    else this.#comma = true;
  }
}

/** The number of a text; null where its style leaves open what it means. */
export function parseLocaleNumber(text: string, style: NumberStyle): number | null {
  if (!/[.,]/.test(text)) return Number(text);
  if (style === "contradictory") return null;
  if (style === "undecided") return null;
  const plain = style === "point" ? text.replaceAll(",", "") : text.replaceAll(".", "").replace(",", ".");
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
