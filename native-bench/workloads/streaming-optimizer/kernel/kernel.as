/*
 * The fused pass of the XPCS models: normal equations and cost of one block of rows, two points at a time.
 * AssemblyScript; built twice by build-kernel.mjs, with FMA=1 (relaxed SIMD) and FMA=0.
 *
 * No static data: the host writes the constants below to offset 0 (kernel-constants.ts), the kernel loads them.
 *
 * Columns of a point, J = ∂g2/∂(contrast, offset, D0, α, Doff, γ̇0, β, γ̇off, φ0), share factors over the angles:
 *   contrast, D0, α, Doff = F · (row factor)     F = sinc⁴Φ
 *   offset                = 1
 *   γ̇0, β, γ̇off          = V · (row factor)     V = sinc³Φ·(cosΦ − sincΦ)/Φ · κcos(φ0−φ)
 *   φ0                    = Z · (row factor)     Z = the same with −κsin(φ0−φ)·π/180
 * so 14 sums over the angles are formed first and meet the row factors once per pair of times.
 * All sums are linear in sinc^odd·cos^odd, so the sign of a reduction modulo π cancels.
 */

const LOG2E: usize = 0;
const LN2_HIGH: usize = 8;
const LN2_LOW: usize = 16;
const ROUND: usize = 24;
const EXP: usize = 32; // 10 coefficients
const INVERSE_PI: usize = 112;
const PI_HIGH: usize = 120;
const PI_MIDDLE: usize = 128;
const PI_LOW: usize = 136;
const SIN: usize = 144; // 8 coefficients
const COS: usize = 208; // 7 coefficients
const ONE: usize = 264;
const SMOOTHING: usize = 272;
const SMALLEST_EXPONENT: usize = 280;
const SERIES_BELOW: usize = 288;
const MINUS_THIRD: usize = 296;
const MINUS_SIXTH: usize = 304;
const HALF: usize = 312;

@inline function constant(offset: usize): v128 {
  return v128.load64_splat(offset);
}

/** a·b + c */
@inline function madd(a: v128, b: v128, c: v128): v128 {
  if (FMA) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** c − a·b */
@inline function nmadd(a: v128, b: v128, c: v128): v128 {
  if (FMA) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

@inline function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

/** e^x for −700 ≤ x ≤ 0: e^r·2^n with n in the low bits of the rounded sum. */
@inline function exponential(x: v128): v128 {
  const rounded = madd(x, constant(LOG2E), constant(ROUND));
  const n = f64x2.sub(rounded, constant(ROUND));
  const r = nmadd(n, constant(LN2_LOW), nmadd(n, constant(LN2_HIGH), x));
  let q = constant(EXP + 72);
  q = madd(q, r, constant(EXP + 64));
  q = madd(q, r, constant(EXP + 56));
  q = madd(q, r, constant(EXP + 48));
  q = madd(q, r, constant(EXP + 40));
  q = madd(q, r, constant(EXP + 32));
  q = madd(q, r, constant(EXP + 24));
  q = madd(q, r, constant(EXP + 16));
  q = madd(q, r, constant(EXP + 8));
  q = madd(q, r, constant(EXP));
  const p = f64x2.add(madd(times(r, r), q, r), constant(ONE));
  return i64x2.add(p, i64x2.shl(rounded, 52));
}

@inline function loadPair<Y>(at: usize): v128 {
  if (sizeof<Y>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(at));
  return v128.load(at);
}

@inline function add(out: usize, index: usize, value: v128): void {
  v128.store(out + (index << 4), f64x2.add(v128.load(out + (index << 4)), value));
}

@inline function addProduct(out: usize, index: usize, a: v128, b: v128): void {
  v128.store(out + (index << 4), madd(a, b, v128.load(out + (index << 4))));
}

/** Entries of the block's output before the lanes are added: 45 of H (lower, row by row), 9 of g, cost. */
const G: usize = 45;
const COST: usize = 54;
const STATIC_G: usize = 15;
const STATIC_COST: usize = 20;

/** Clears the two-lane sums of `count` entries. */
export function clear(out: usize, count: usize): void {
  const zero = f64x2.splat(0);
  for (let index: usize = 0; index < count; index++) v128.store(out + (index << 4), zero);
}

/**
 * Adds the points of row i, columns [first, end), each counted `weight` times.
 * tables: eight arrays of `stride` doubles; angles: [κcos, −κsin·π/180, 1/κcos, −] per angle.
 */
@inline function laminarSpan<Y>(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize,
  angles: usize, angleCount: usize, tables: usize, stride: usize,
  k2: f64, contrast: f64, offset: f64, inverseScaleSquared: f64, weighted: bool, out: usize,
): void {
  const c = f64x2.splat(contrast);
  const o = f64x2.splat(offset);
  const softness = f64x2.splat(inverseScaleSquared);
  const anglesEnd = angles + (angleCount << 5);
  const row = tables + (i << 3);
  const yStep = angleStride * sizeof<Y>();
  for (let j = first; j < end; j += 2) {
    const column = tables + (j << 3);
    const dS = f64x2.sub(v128.load64_splat(row), v128.load(column));
    const dG = f64x2.sub(v128.load64_splat(row + 4 * stride), v128.load(column + 4 * stride));
    const absS = f64x2.sqrt(madd(dS, dS, constant(SMOOTHING)));
    const absG = f64x2.sqrt(madd(dG, dG, constant(SMOOTHING)));
    const inverseG = f64x2.div(constant(ONE), absG);
    const e = exponential(f64x2.pmax(times(f64x2.splat(k2), absS), constant(SMALLEST_EXPONENT)));
    const ce = times(c, e);
    let FF = f64x2.splat(0), F1 = FF, VV = FF, ZZ = FF, FV = FF, FZ = FF, VZ = FF, V1 = FF, Z1 = FF;
    let rF = FF, r1 = FF, rV = FF, rZ = FF, rr = FF, W1 = FF;
    let yAt = y + j * sizeof<Y>();
    let weightAt = weights + (j << 3);
    for (let angle = angles; angle < anglesEnd; angle += 32) {
      const kappaCos = v128.load64_splat(angle);
      const x = times(kappaCos, absG);
      const inverse = times(v128.load64_splat(angle, 16), inverseG);
      const n = f64x2.sub(madd(x, constant(INVERSE_PI), constant(ROUND)), constant(ROUND));
      const r = nmadd(n, constant(PI_LOW), nmadd(n, constant(PI_MIDDLE), nmadd(n, constant(PI_HIGH), x)));
      const r2 = times(r, r);
      let sine = constant(SIN + 56);
      let cosine = constant(COS + 48);
      sine = madd(sine, r2, constant(SIN + 48));
      cosine = madd(cosine, r2, constant(COS + 40));
      sine = madd(sine, r2, constant(SIN + 40));
      cosine = madd(cosine, r2, constant(COS + 32));
      sine = madd(sine, r2, constant(SIN + 32));
      cosine = madd(cosine, r2, constant(COS + 24));
      sine = madd(sine, r2, constant(SIN + 24));
      cosine = madd(cosine, r2, constant(COS + 16));
      sine = madd(sine, r2, constant(SIN + 16));
      cosine = madd(cosine, r2, constant(COS + 8));
      sine = madd(sine, r2, constant(SIN + 8));
      cosine = madd(cosine, r2, constant(COS));
      sine = madd(sine, r2, constant(SIN));
      cosine = nmadd(constant(HALF), r2, madd(times(r2, r2), cosine, constant(ONE)));
      sine = madd(times(r2, r), sine, r);
      // Series where 1/x is of no use; the select also drops the NaN of x = 0.
      const small = f64x2.lt(f64x2.abs(x), constant(SERIES_BELOW));
      const sinc = v128.bitselect(madd(times(x, x), constant(MINUS_SIXTH), constant(ONE)), times(sine, inverse), small);
      const slope = v128.bitselect(
        times(x, constant(MINUS_THIRD)), times(f64x2.sub(cosine, sinc), inverse), small,
      );
      const sinc2 = times(sinc, sinc);
      const F = times(sinc2, sinc2);
      const common = times(times(sinc2, sinc), slope);
      const V = times(common, kappaCos);
      const Z = times(common, v128.load64_splat(angle, 8));
      const residual = nmadd(ce, F, f64x2.sub(loadPair<Y>(yAt), o));
      if (weighted) {
        const given = v128.load(weightAt);
        const residual2 = times(residual, residual);
        const root = f64x2.sqrt(madd(residual2, softness, constant(ONE)));
        const w = f64x2.div(given, root);
        const Fw = times(F, w), Vw = times(V, w), Zw = times(Z, w), rw = times(residual, w);
        FF = madd(Fw, F, FF);
        F1 = f64x2.add(F1, Fw);
        VV = madd(Vw, V, VV);
        ZZ = madd(Zw, Z, ZZ);
        FV = madd(Fw, V, FV);
        FZ = madd(Fw, Z, FZ);
        VZ = madd(Vw, Z, VZ);
        V1 = f64x2.add(V1, Vw);
        Z1 = f64x2.add(Z1, Zw);
        rF = madd(rw, F, rF);
        r1 = f64x2.add(r1, rw);
        rV = madd(rw, V, rV);
        rZ = madd(rw, Z, rZ);
        W1 = f64x2.add(W1, w);
        // 2s²(√(1+r²/s²) − 1) without its cancellation; w·r² where s is infinite.
        rr = madd(f64x2.div(times(given, f64x2.add(residual2, residual2)), f64x2.add(root, constant(ONE))), constant(ONE), rr);
        weightAt += angleStride << 3;
      } else {
        FF = madd(F, F, FF);
        F1 = f64x2.add(F1, F);
        VV = madd(V, V, VV);
        ZZ = madd(Z, Z, ZZ);
        FV = madd(F, V, FV);
        FZ = madd(F, Z, FZ);
        VZ = madd(V, Z, VZ);
        V1 = f64x2.add(V1, V);
        Z1 = f64x2.add(Z1, Z);
        rF = madd(residual, F, rF);
        r1 = f64x2.add(r1, residual);
        rV = madd(residual, V, rV);
        rZ = madd(residual, Z, rZ);
        rr = madd(residual, residual, rr);
      }
      yAt += yStep;
    }
    // The second lane of an odd last column counts nothing.
    const w = end - j == 1 ? f64x2(weight, 0) : f64x2.splat(weight);
    const signS = times(f64x2.div(f64x2.splat(k2), absS), dS);
    const m0 = e;
    const cek = times(ce, signS);
    const m1 = times(cek, f64x2.sub(v128.load64_splat(row + stride), v128.load(column + stride)));
    const m2 = times(cek, f64x2.sub(v128.load64_splat(row + 2 * stride), v128.load(column + 2 * stride)));
    const m3 = times(cek, f64x2.sub(v128.load64_splat(row + 3 * stride), v128.load(column + 3 * stride)));
    const ce4 = times(ce, f64x2.splat(4));
    const ceg = times(ce4, times(dG, inverseG));
    const q1 = times(ceg, f64x2.sub(v128.load64_splat(row + 5 * stride), v128.load(column + 5 * stride)));
    const q2 = times(ceg, f64x2.sub(v128.load64_splat(row + 6 * stride), v128.load(column + 6 * stride)));
    const q3 = times(ceg, f64x2.sub(v128.load64_splat(row + 7 * stride), v128.load(column + 7 * stride)));
    const z = times(ce4, absG);

    FF = times(FF, w);
    F1 = times(F1, w);
    rF = times(rF, w);
    const F0 = times(FF, m0), F_1 = times(FF, m1), F_2 = times(FF, m2);
    addProduct(out, 0, F0, m0);
    addProduct(out, 1, F1, m0);
    add(out, 2, weighted ? times(W1, w) : times(f64x2.splat(<f64>angleCount), w));
    addProduct(out, 3, F0, m1);
    addProduct(out, 4, F1, m1);
    addProduct(out, 5, F_1, m1);
    addProduct(out, 6, F0, m2);
    addProduct(out, 7, F1, m2);
    addProduct(out, 8, F_1, m2);
    addProduct(out, 9, F_2, m2);
    addProduct(out, 10, F0, m3);
    addProduct(out, 11, F1, m3);
    addProduct(out, 12, F_1, m3);
    addProduct(out, 13, F_2, m3);
    addProduct(out, 14, times(FF, m3), m3);
    FV = times(FV, w);
    V1 = times(V1, w);
    VV = times(VV, w);
    const FV1 = times(FV, q1), FV2 = times(FV, q2), FV3 = times(FV, q3);
    const VV1 = times(VV, q1);
    addProduct(out, 15, FV1, m0);
    addProduct(out, 16, V1, q1);
    addProduct(out, 17, FV1, m1);
    addProduct(out, 18, FV1, m2);
    addProduct(out, 19, FV1, m3);
    addProduct(out, 20, VV1, q1);
    addProduct(out, 21, FV2, m0);
    addProduct(out, 22, V1, q2);
    addProduct(out, 23, FV2, m1);
    addProduct(out, 24, FV2, m2);
    addProduct(out, 25, FV2, m3);
    addProduct(out, 26, VV1, q2);
    addProduct(out, 27, times(VV, q2), q2);
    addProduct(out, 28, FV3, m0);
    addProduct(out, 29, V1, q3);
    addProduct(out, 30, FV3, m1);
    addProduct(out, 31, FV3, m2);
    addProduct(out, 32, FV3, m3);
    addProduct(out, 33, VV1, q3);
    addProduct(out, 34, times(VV, q2), q3);
    addProduct(out, 35, times(VV, q3), q3);
    const zw = times(z, w);
    const FZz = times(FZ, zw), VZz = times(VZ, zw);
    addProduct(out, 36, FZz, m0);
    addProduct(out, 37, Z1, zw);
    addProduct(out, 38, FZz, m1);
    addProduct(out, 39, FZz, m2);
    addProduct(out, 40, FZz, m3);
    addProduct(out, 41, VZz, q1);
    addProduct(out, 42, VZz, q2);
    addProduct(out, 43, VZz, q3);
    addProduct(out, 44, times(ZZ, z), zw);
    rV = times(rV, w);
    addProduct(out, G, rF, m0);
    addProduct(out, G + 1, r1, w);
    addProduct(out, G + 2, rF, m1);
    addProduct(out, G + 3, rF, m2);
    addProduct(out, G + 4, rF, m3);
    addProduct(out, G + 5, rV, q1);
    addProduct(out, G + 6, rV, q2);
    addProduct(out, G + 7, rV, q3);
    addProduct(out, G + 8, rZ, zw);
    addProduct(out, COST, rr, w);
  }
}

@inline function staticSpan<Y>(
  i: usize, first: usize, end: usize, weight: f64, y: usize, weights: usize, tables: usize, stride: usize,
  k2: f64, contrast: f64, offset: f64, inverseScaleSquared: f64, weighted: bool, out: usize,
): void {
  const c = f64x2.splat(contrast);
  const o = f64x2.splat(offset);
  const softness = f64x2.splat(inverseScaleSquared);
  const row = tables + (i << 3);
  let h0 = f64x2.splat(0), h1 = h0, h2 = h0, h3 = h0, h4 = h0, h5 = h0, h6 = h0, h7 = h0, h8 = h0, h9 = h0, h10 = h0;
  let h11 = h0, h12 = h0, h13 = h0, h14 = h0, g0 = h0, g1 = h0, g2 = h0, g3 = h0, g4 = h0, cost = h0;
  for (let j = first; j < end; j += 2) {
    const column = tables + (j << 3);
    const dS = f64x2.sub(v128.load64_splat(row), v128.load(column));
    const absS = f64x2.sqrt(madd(dS, dS, constant(SMOOTHING)));
    const e = exponential(f64x2.pmax(times(f64x2.splat(k2), absS), constant(SMALLEST_EXPONENT)));
    const ce = times(c, e);
    const residual = f64x2.sub(f64x2.sub(loadPair<Y>(y + j * sizeof<Y>()), o), ce);
    let w = end - j == 1 ? f64x2(weight, 0) : f64x2.splat(weight);
    const residual2 = times(residual, residual);
    if (weighted) {
      const given = times(v128.load(weights + (j << 3)), w);
      const root = f64x2.sqrt(madd(residual2, softness, constant(ONE)));
      w = f64x2.div(given, root);
      cost = f64x2.add(cost, f64x2.div(times(given, f64x2.add(residual2, residual2)), f64x2.add(root, constant(ONE))));
    } else {
      cost = madd(residual2, w, cost);
    }
    const cek = times(ce, times(f64x2.div(f64x2.splat(k2), absS), dS));
    const m1 = times(cek, f64x2.sub(v128.load64_splat(row + stride), v128.load(column + stride)));
    const m2 = times(cek, f64x2.sub(v128.load64_splat(row + 2 * stride), v128.load(column + 2 * stride)));
    const m3 = times(cek, f64x2.sub(v128.load64_splat(row + 3 * stride), v128.load(column + 3 * stride)));
    const ew = times(e, w), w1 = times(m1, w), w2 = times(m2, w), w3 = times(m3, w);
    h0 = madd(ew, e, h0);
    h1 = f64x2.add(h1, ew);
    h2 = f64x2.add(h2, w);
    h3 = madd(w1, e, h3);
    h4 = f64x2.add(h4, w1);
    h5 = madd(w1, m1, h5);
    h6 = madd(w2, e, h6);
    h7 = f64x2.add(h7, w2);
    h8 = madd(w2, m1, h8);
    h9 = madd(w2, m2, h9);
    h10 = madd(w3, e, h10);
    h11 = f64x2.add(h11, w3);
    h12 = madd(w3, m1, h12);
    h13 = madd(w3, m2, h13);
    h14 = madd(w3, m3, h14);
    g0 = madd(residual, ew, g0);
    g1 = madd(residual, w, g1);
    g2 = madd(residual, w1, g2);
    g3 = madd(residual, w2, g3);
    g4 = madd(residual, w3, g4);
  }
  add(out, 0, h0);
  add(out, 1, h1);
  add(out, 2, h2);
  add(out, 3, h3);
  add(out, 4, h4);
  add(out, 5, h5);
  add(out, 6, h6);
  add(out, 7, h7);
  add(out, 8, h8);
  add(out, 9, h9);
  add(out, 10, h10);
  add(out, 11, h11);
  add(out, 12, h12);
  add(out, 13, h13);
  add(out, 14, h14);
  add(out, STATIC_G, g0);
  add(out, STATIC_G + 1, g1);
  add(out, STATIC_G + 2, g2);
  add(out, STATIC_G + 3, g3);
  add(out, STATIC_G + 4, g4);
  add(out, STATIC_COST, cost);
}

/** Only Σ w·r², for algorithms that ask for the cost of a trial before its derivatives. */
function laminarCost(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize,
  angles: usize, angleCount: usize, tables: usize, stride: usize, k2: f64, contrast: f64, offset: f64, out: usize,
): void {
  const o = f64x2.splat(offset);
  const anglesEnd = angles + (angleCount << 5);
  const row = tables + (i << 3);
  let cost = f64x2.splat(0);
  for (let j = first; j < end; j += 2) {
    const column = tables + (j << 3);
    const dS = f64x2.sub(v128.load64_splat(row), v128.load(column));
    const dG = f64x2.sub(v128.load64_splat(row + 4 * stride), v128.load(column + 4 * stride));
    const absS = f64x2.sqrt(madd(dS, dS, constant(SMOOTHING)));
    const absG = f64x2.sqrt(madd(dG, dG, constant(SMOOTHING)));
    const inverseG = f64x2.div(constant(ONE), absG);
    const ce = times(f64x2.splat(contrast), exponential(f64x2.pmax(times(f64x2.splat(k2), absS), constant(SMALLEST_EXPONENT))));
    let yAt = y + (j << 3);
    let rr = f64x2.splat(0);
    for (let angle = angles; angle < anglesEnd; angle += 32) {
      const x = times(v128.load64_splat(angle), absG);
      const inverse = times(v128.load64_splat(angle, 16), inverseG);
      const n = f64x2.sub(madd(x, constant(INVERSE_PI), constant(ROUND)), constant(ROUND));
      const r = nmadd(n, constant(PI_LOW), nmadd(n, constant(PI_MIDDLE), nmadd(n, constant(PI_HIGH), x)));
      const r2 = times(r, r);
      let sine = madd(constant(SIN + 56), r2, constant(SIN + 48));
      sine = madd(sine, r2, constant(SIN + 40));
      sine = madd(sine, r2, constant(SIN + 32));
      sine = madd(sine, r2, constant(SIN + 24));
      sine = madd(sine, r2, constant(SIN + 16));
      sine = madd(sine, r2, constant(SIN + 8));
      sine = madd(sine, r2, constant(SIN));
      sine = madd(times(r2, r), sine, r);
      const small = f64x2.lt(f64x2.abs(x), constant(SERIES_BELOW));
      const sinc = v128.bitselect(madd(times(x, x), constant(MINUS_SIXTH), constant(ONE)), times(sine, inverse), small);
      const sinc2 = times(sinc, sinc);
      const residual = nmadd(ce, times(sinc2, sinc2), f64x2.sub(v128.load(yAt), o));
      rr = madd(residual, residual, rr);
      yAt += angleStride << 3;
    }
    cost = madd(rr, end - j == 1 ? f64x2(weight, 0) : f64x2.splat(weight), cost);
  }
  add(out, COST, cost);
}

function staticCost(
  i: usize, first: usize, end: usize, weight: f64, y: usize, tables: usize, stride: usize,
  k2: f64, contrast: f64, offset: f64, out: usize,
): void {
  const row = tables + (i << 3);
  let cost = f64x2.splat(0);
  for (let j = first; j < end; j += 2) {
    const dS = f64x2.sub(v128.load64_splat(row), v128.load(tables + (j << 3)));
    const absS = f64x2.sqrt(madd(dS, dS, constant(SMOOTHING)));
    const e = exponential(f64x2.pmax(times(f64x2.splat(k2), absS), constant(SMALLEST_EXPONENT)));
    const residual = nmadd(f64x2.splat(contrast), e, f64x2.sub(v128.load(y + (j << 3)), f64x2.splat(offset)));
    cost = madd(times(residual, residual), end - j == 1 ? f64x2(weight, 0) : f64x2.splat(weight), cost);
  }
  add(out, STATIC_COST, cost);
}

function laminar64(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  laminarSpan<f64>(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, false, out);
}

function laminar32(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  laminarSpan<f32>(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, false, out);
}

function laminarWeighted(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  laminarSpan<f64>(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, true, out);
}

function static64(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  for (let angle: usize = 0; angle < angleCount; angle++) {
    staticSpan<f64>(i, first, end, weight, y + ((angle * angleStride) << 3), weights, tables, stride, k2, c, o, softness, false, out);
  }
}

function static32(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  for (let angle: usize = 0; angle < angleCount; angle++) {
    staticSpan<f32>(i, first, end, weight, y + ((angle * angleStride) << 2), weights, tables, stride, k2, c, o, softness, false, out);
  }
}

function staticWeighted(
  i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize, angles: usize,
  angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  for (let angle: usize = 0; angle < angleCount; angle++) {
    const shift = (angle * angleStride) << 3;
    staticSpan<f64>(i, first, end, weight, y + shift, weights + shift, tables, stride, k2, c, o, softness, true, out);
  }
}

/** Kernels in the order of `kernelVariants` in kernel-constants.ts. */
@inline function span(
  variant: i32, i: usize, first: usize, end: usize, weight: f64, y: usize, angleStride: usize, weights: usize,
  angles: usize, angleCount: usize, tables: usize, stride: usize, k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  if (variant == 0) laminar64(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
  else if (variant == 1) laminar32(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
  else if (variant == 2) laminarWeighted(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
  else if (variant == 3) static64(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
  else if (variant == 4) static32(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
  else if (variant == 6) laminarCost(i, first, end, weight, y, angleStride, angles, angleCount, tables, stride, k2, c, o, out);
  else if (variant == 7) {
    for (let angle: usize = 0; angle < angleCount; angle++) staticCost(i, first, end, weight, y + ((angle * angleStride) << 3), tables, stride, k2, c, o, out);
  }
  else staticWeighted(i, first, end, weight, y, angleStride, weights, angles, angleCount, tables, stride, k2, c, o, softness, out);
}

/**
 * Adds one block to the two-lane sums at `out`.
 * rows: [i, offset of the row's column 0 in elements from the angle's first element of the block] per row, i32 each.
 * fold: 0 every point once; 1 only i ≤ j, off-diagonal points twice. drop: leave the diagonal out. stride in bytes.
 */
export function block(
  variant: i32, rows: usize, rowCount: i32, fold: i32, drop: i32, timeCount: usize, y: usize, angleStride: usize,
  weights: usize, angles: usize, angleCount: usize, tables: usize, stride: usize,
  k2: f64, c: f64, o: f64, softness: f64, out: usize,
): void {
  const bytes: usize = variant == 1 || variant == 4 ? 2 : 3;
  for (let row = 0; row < rowCount; row++) {
    const i: usize = load<u32>(rows + (row << 3));
    const shift = load<i32>(rows + (row << 3), 4);
    const yRow = y + (shift << <i32>bytes);
    const weightRow = weights + (shift << 3);
    if (fold == 0 && drop == 0) {
      span(variant, i, 0, timeCount, 1, yRow, angleStride, weightRow, angles, angleCount, tables, stride, k2, c, o, softness, out);
      continue;
    }
    if (fold == 0 && i > 0) span(variant, i, 0, i, 1, yRow, angleStride, weightRow, angles, angleCount, tables, stride, k2, c, o, softness, out);
    if (drop == 0) span(variant, i, i, i + 1, 1, yRow, angleStride, weightRow, angles, angleCount, tables, stride, k2, c, o, softness, out);
    if (i + 1 < timeCount) span(variant, i, i + 1, timeCount, fold == 0 ? 1 : 2, yRow, angleStride, weightRow, angles, angleCount, tables, stride, k2, c, o, softness, out);
  }
}
