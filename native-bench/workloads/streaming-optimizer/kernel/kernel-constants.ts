/** Where the kernel expects its constants: 40 doubles from offset 0, see the head of kernel.as. */
export const kernelConstantBytes = 320;

/** 1.5·2⁵²: adding and subtracting it rounds to the nearest integer, which then sits in the low bits of the sum. */
export const roundingConstant = 6755399441055744;

/** q in e^r = 1 + r + r²·q(r) on |r| ≤ ln2/2: Chebyshev interpolation at 10 nodes, computed with 60 digits; error 1.3e-17. */
export const expCoefficients: readonly number[] = [
  0.5, 0.16666666666666669, 0.04166666666662413, 0.008333333333330062, 0.0013888888917213717, 0.00019841269863053618,
  2.4801521295954376e-5, 2.7557268459997064e-6, 2.7620088445409746e-7, 2.510038549551032e-8,
];

/** P in sin r = r + r³·P(r²) on |r| ≤ π/2: Chebyshev interpolation at 8 nodes; error 8e-19. */
export const sineCoefficients: readonly number[] = [
  -0.16666666666666666, 0.008333333333333316, -0.00019841269841254955, 2.755731921915843e-6, -2.5052107616384595e-8,
  1.6058977272815506e-10, -7.643969031052769e-13, 2.731428986122616e-15,
];

/** Q in cos r = 1 − r²/2 + r⁴·Q(r²) on |r| ≤ π/2: Chebyshev interpolation at 7 nodes; error 6e-17. */
export const cosineCoefficients: readonly number[] = [
  0.04166666666666666, -0.0013888888888884763, 2.4801587298910888e-5, -2.7557318572848315e-7, 2.0876681513907184e-9,
  -1.1466250478536745e-11, 4.64640971522779e-14,
];

/** ln 2 and π in parts whose products with small integers are exact (Cody and Waite). */
export const ln2Parts: readonly number[] = [6.93147180369123816e-1, 1.9082149292705877e-10];
export const piParts: readonly number[] = [3.1415926534682512, 1.2154201012607932e-10, 4.044532497591901e-21];

export function writeKernelConstants(memory: ArrayBufferLike): void {
  new Float64Array(memory, 0, kernelConstantBytes / 8).set([
    Math.LOG2E,
    ...ln2Parts,
    roundingConstant,
    ...expCoefficients,
    1 / Math.PI,
    ...piParts,
    ...sineCoefficients,
    ...cosineCoefficients,
    1,
    smoothing,
    smallestExponent,
    seriesBelow,
    -1 / 3,
    -1 / 6,
    0.5,
  ]);
}

/** |Δ| is √(Δ² + smoothing): differentiable where two times meet. */
export const smoothing = 1e-12;
export const smallestExponent = -700;
/** Below this |Φ| the power series of sincΦ and (cosΦ − sincΦ)/Φ replace the quotients. */
export const seriesBelow = 1e-4;

/** Number of a kernel, as `block` in kernel.as counts them. */
export const kernelVariant = {
  laminar: { f64: 0, f32: 1, weighted: 2, cost: 6 },
  static: { f64: 3, f32: 4, weighted: 5, cost: 7 },
} as const;
