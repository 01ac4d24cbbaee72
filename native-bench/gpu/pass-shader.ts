import type { PassPhysics } from "./pass-shape.ts";

/*
 * One thread sums a span of columns of one row over all angles: the factors of the two times come once, the sums over the angles are formed
 * first (see kernel.as). Sine and cosine are our own: the built-in ones may be off by 2⁻¹¹. Minimax polynomials of Cephes, sinf.c.
 */

const sineCosine = /* wgsl */ `
fn sineCosine(x : f32) -> vec2<f32> {
  let n = round(x * 0.63661977236758134);
  var r = x - n * 1.5703125;
  r = r - n * 4.8375129699707031e-4;
  r = r - n * 7.5497899548918821e-8;
  let z = r * r;
  let s = r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 - z * 1.9515295891e-4));
  let c = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (-1.388731625493765e-3 + z * 2.443315711809948e-5));
  // The sign of a half turn cancels in all sums.
  return select(vec2<f32>(s, c), vec2<f32>(c, -s), (i32(n) & 1) == 1);
}
`;

const place = /* wgsl */ `
  let spans = (uniforms.timeCount + uniforms.spanLength - 1) / uniforms.spanLength;
  let row = index / spans;
  if (row >= uniforms.rowCount) { return; }
  let n = uniforms.timeCount;
  let i = uniforms.firstRow + row * uniforms.rowStep;
  let first = (index - row * spans) * uniforms.spanLength;
  let end = min(n, first + uniforms.spanLength);
  let angleStride = uniforms.rowCount * n;
`;

/** Adds every product of the upper triangle: names of entries, and how each pair multiplies. */
function accumulate(entries: readonly string[]): string {
  return entries.map((entry, index) => `    sum[${index}] += ${entry};`).join("\n");
}

const laminarEntries = [
  "FF * m0 * m0",
  "F1 * m0",
  "f32(uniforms.angleCount)",
  ...["m1", "m2", "m3"].flatMap((m, k) => [
    `FF * ${m} * m0`,
    `F1 * ${m}`,
    ...["m1", "m2", "m3"].slice(0, k + 1).map((other) => `FF * ${m} * ${other}`),
  ]),
  ...["q1", "q2", "q3"].flatMap((q, k) => [
    `FV * ${q} * m0`,
    `V1 * ${q}`,
    ...["m1", "m2", "m3"].map((m) => `FV * ${q} * ${m}`),
    ...["q1", "q2", "q3"].slice(0, k + 1).map((other) => `VV * ${q} * ${other}`),
  ]),
  "FZ * z * m0",
  "Z1 * z",
  ...["m1", "m2", "m3"].map((m) => `FZ * z * ${m}`),
  ...["q1", "q2", "q3"].map((q) => `VZ * z * ${q}`),
  "ZZ * z * z",
  "rF * m0",
  "r1",
  ...["m1", "m2", "m3"].map((m) => `rF * ${m}`),
  ...["q1", "q2", "q3"].map((q) => `rV * ${q}`),
  "rZ * z",
  "rr",
];

const staticEntries = [
  "m0 * m0",
  "m0",
  "1.0",
  ...["m1", "m2", "m3"].flatMap((m, k) => [
    `${m} * m0`,
    m,
    ...["m1", "m2", "m3"].slice(0, k + 1).map((other) => `${m} * ${other}`),
  ]),
  "residual * m0",
  "residual",
  ...["m1", "m2", "m3"].map((m) => `residual * ${m}`),
  "residual * residual",
];

const store = (count: number): string => /* wgsl */ `
  let tiles = uniforms.rowCount * spans;
  for (var k = 0; k < ${count}; k++) { result[k * tiles + index] = sum[k]; }
`;

const diffusionFactors = /* wgsl */ `
    let dS = tables[i] - tables[j];
    let m0 = exp(uniforms.decay * abs(dS));
    let ce = uniforms.contrast * m0 * sign(dS);
    let m1 = ce * (tables[n + i] - tables[n + j]);
    let m2 = ce * (tables[2 * n + i] - tables[2 * n + j]);
    let m3 = ce * (tables[3 * n + i] - tables[3 * n + j]);
`;

const laminar = /* wgsl */ `
${sineCosine}
fn main(index : i32) {
${place}
  var sum : array<f32, 55>;
  for (var j = first; j < end; j++) {
${diffusionFactors}
    let dG = tables[4 * n + i] - tables[4 * n + j];
    let absG = abs(dG);
    let ce4 = 4.0 * uniforms.contrast * m0;
    let q1 = ce4 * sign(dG) * (tables[5 * n + i] - tables[5 * n + j]);
    let q2 = ce4 * sign(dG) * (tables[6 * n + i] - tables[6 * n + j]);
    let q3 = ce4 * sign(dG) * (tables[7 * n + i] - tables[7 * n + j]);
    let z = ce4 * absG;
    var FF = 0.0; var F1 = 0.0; var VV = 0.0; var ZZ = 0.0; var FV = 0.0; var FZ = 0.0; var VZ = 0.0; var V1 = 0.0; var Z1 = 0.0;
    var rF = 0.0; var r1 = 0.0; var rV = 0.0; var rZ = 0.0; var rr = 0.0;
    var at = uniforms.firstAngle * angleStride + row * n + j;
    for (var angle = uniforms.firstAngle; angle < uniforms.firstAngle + uniforms.angleCount; angle++) {
      let x = angleFactors[4 * angle] * absG;
      let xx = x * x;
      var sinc = 1.0 + xx * (-1.6666667e-1 + xx * (8.3333333e-3 + xx * (-1.984127e-4 + xx * 2.7557319e-6)));
      var slope = x * (-3.3333333e-1 + xx * (3.3333333e-2 + xx * (-1.1904762e-3 + xx * 2.2045855e-5)));
      if (xx > 0.25) {
        let both = sineCosine(x);
        sinc = both.x / x;
        slope = (both.y - sinc) / x;
      }
      let sinc2 = sinc * sinc;
      let F = sinc2 * sinc2;
      let slope3 = sinc2 * sinc * slope;
      let V = slope3 * angleFactors[4 * angle + 1];
      let Z = slope3 * angleFactors[4 * angle + 2];
      let residual = points[at] - uniforms.offset - uniforms.contrast * m0 * F;
      FF += F * F; F1 += F; VV += V * V; ZZ += Z * Z; FV += F * V; FZ += F * Z; VZ += V * Z; V1 += V; Z1 += Z;
      rF += residual * F; r1 += residual; rV += residual * V; rZ += residual * Z; rr += residual * residual;
      at += angleStride;
    }
${accumulate(laminarEntries)}
  }
${store(55)}
}
`;

const atRest = /* wgsl */ `
fn main(index : i32) {
${place}
  var sum : array<f32, 21>;
  for (var angle = uniforms.firstAngle; angle < uniforms.firstAngle + uniforms.angleCount; angle++) {
  for (var j = first; j < end; j++) {
${diffusionFactors}
    let residual = points[angle * angleStride + row * n + j] - uniforms.offset - uniforms.contrast * m0;
${accumulate(staticEntries)}
  }}
${store(21)}
}
`;

export const passShader = (physics: PassPhysics): string => (physics === "laminar" ? laminar : atRest);
