/*
 * Times are decimal text in microseconds. A time is kept as three exact parts:
 *   whole microseconds + nanoseconds (-1000 … 999) + remainder / remainderScale nanoseconds, remainder ≥ 0.
 */
export const remainderScale = 1e15;

/** Number of fraction digits that the exact parts hold: 3 for ns, 15 for the remainder. */
const fractionDigits = 18;

export interface ExactTime {
  readonly micros: number;
  readonly nanos: number;
  readonly remainder: number;
}

/*
 * Digits with an optional sign, fraction and exponent. Wider than JSON on purpose: ".75", "246.", "01.23" and "+10.5"
 * occur in quoted numbers of real files; "1.5e", "2e+", "." and "-" are no numbers.
 */
const decimalShape = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Largest whole microseconds that a double holds exactly. */
const maxMicros = BigInt(Number.MAX_SAFE_INTEGER);

/** What the text of a time in nanoseconds is to be multiplied by, as a power of ten, to be one in microseconds. */
export const nanosecondExponent = -3;

/** "bad": no number. "range": a number that does not fit exact microseconds, after it was multiplied by 10^`timeExponent`. */
export function parseExactTime(text: string, timeExponent = 0): ExactTime | "bad" | "range" {
  const match = decimalShape.exec(text);
  if (match === null) return "bad";
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  if (whole === "" && fraction === "") return "bad";
  const exponent = Number(exponentText) + timeExponent;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return { micros: 0, nanos: 0, remainder: 0 };
  // Position of the decimal point counted from the start of `digits`.
  const point = digits.length - fraction.length + exponent;
  if (point > 17) return "range";
  if (point < -fractionDigits) return { micros: 0, nanos: 0, remainder: sign === "-" ? 0 : 1 };
  const scaled = scaleDigits(digits, point);
  return splitScaled(sign === "-" ? -scaled : scaled);
}

/** Digits as an integer of 10^-18 µs; what is finer only keeps a value off the exact half. */
function scaleDigits(digits: string, point: number): bigint {
  const wanted = point + fractionDigits;
  if (digits.length <= wanted) return BigInt(digits + "0".repeat(wanted - digits.length));
  const kept = BigInt(digits.slice(0, wanted) || "0");
  return /[1-9]/.test(digits.slice(wanted)) ? kept | 1n : kept;
}

function splitScaled(scaled: bigint): ExactTime | "range" {
  const scale = 10n ** BigInt(fractionDigits);
  const micros = scaled / scale;
  if (micros > maxMicros || micros < -maxMicros) return "range";
  const rest = scaled % scale;
  const remainderUnit = BigInt(remainderScale);
  let nanos = rest / remainderUnit;
  let remainder = rest % remainderUnit;
  if (remainder < 0n) {
    remainder += remainderUnit;
    nanos -= 1n;
  }
  return { micros: Number(micros), nanos: Number(nanos), remainder: Number(remainder) };
}

/** Text of a number that may stand for a counter sample or an id; null when it is none or not finite. */
export function parseDecimal(text: string): number | null {
  const match = decimalShape.exec(text);
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Rounds half to even: `nanos` + `remainder` / remainderScale, with 0 ≤ remainder < remainderScale. */
export function roundHalfEven(nanos: number, remainder: number): number {
  const half = remainderScale / 2;
  if (remainder < half) return nanos;
  if (remainder > half) return nanos + 1;
  return nanos % 2 === 0 ? nanos : nanos + 1;
}
