/*
 * Distribution functions, relative error below 1e-12 where tests compare them with scipy.
 * Series and continued fractions: Press et al., Numerical Recipes, 3rd ed., sections 6.1, 6.2, 6.4.
 */

const tiny = 1e-300;
const precise = 1e-16;

/** P(Z ≤ z) of the standard normal. */
export function normalCdf(z: number): number {
  const half = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z < 0 ? half : 1 - half;
}

/** P(|Z| ≥ |z|). */
export function normalTwoSided(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}

/** z with P(Z ≤ z) = p. Acklam's approximation, then one step of Halley. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  const start = approximateQuantile(p);
  const error = (normalCdf(start) - p) * Math.sqrt(2 * Math.PI) * Math.exp((start * start) / 2);
  return start - error / (1 + (start * error) / 2);
}

/** P(|T| ≥ |t|) of Student's t with `df` degrees of freedom (need not be whole). */
export function studentTwoSided(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** t with P(|T| ≤ t) = `level`. Bisection: called a few times per comparison. */
export function studentQuantile(level: number, df: number): number {
  const tail = 1 - level;
  let low = 0;
  let high = 1;
  while (studentTwoSided(high, df) > tail && high < 1e12) high *= 2;
  for (let i = 0; i < 200 && high - low > precise * high; i++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, df) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Kolmogorov's limit: P(√n·D ≥ x). */
export function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k < 200; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < precise) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/** Q(a, x) = Γ(a, x) / Γ(a). */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (!Number.isFinite(x)) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > precise * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < precise) break;
  }
  return front * h;
}

/** I_x(a, b), regularized. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < precise) break;
  }
  return h;
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Lanczos, g = 7, nine terms (Godfrey). */
const lanczos: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (shifted + i);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Acklam's rational approximation of the normal quantile, relative error 1.15e-9. */
const centre = [
  [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239],
  [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
] as const;
const tail = [
  [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
] as const;
const tailBegins = 0.02425;

function approximateQuantile(p: number): number {
  if (p > 1 - tailBegins) return -approximateQuantile(1 - p);
  if (p < tailBegins) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(tail[0], q) / polynomial(tail[1], q);
  }
  const q = p - 0.5;
  return (q * polynomial(centre[0], q * q)) / polynomial(centre[1], q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
