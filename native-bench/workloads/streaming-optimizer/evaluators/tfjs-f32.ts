import { closeSync, openSync } from "node:fs";
import type * as Tfjs from "@tensorflow/tfjs-core";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { checkUnchanged } from "../data/dataset.ts";
import { diffusionFactor, shearFactor } from "../model/experiment.ts";
import { createTimeTables, fillTimeTables, type TimeTables } from "../model/time-tables.ts";
import type { Block } from "./block-plan.ts";
import type { Evaluator, EvaluatorId } from "./evaluator.ts";
import { addProducts } from "./normal-equations.ts";
import { readRows, refuseUnequalPoints } from "./read-rows.ts";
import type { EvaluatorRequest } from "./wasm-f64.ts";

type Tensor = Tfjs.Tensor;
type Core = typeof Tfjs;

export interface TfjsEngine {
  readonly id: EvaluatorId;
  readonly tf: Core;
  readonly description: string;
}

/** Sums of float32 lose digits with their number of terms: no product sums more points than this. */
const mostChunkPoints = 65_536;
/** Below this |Φ| power series replace quotients that would cancel in float32. */
const seriesBelow = 0.5;
const radiansPerDegree = Math.PI / 180;

/**
 * The pass as a graph of TensorFlow.js operations in float32, chunk by chunk; partial sums are added in float64 here. What depends on the
 * two times alone is computed in float64 and uploaded. For early passes: the last ones need float64.
 */
export async function createTfjsEvaluator(
  { id, tf, description }: TfjsEngine,
  request: EvaluatorRequest,
): Promise<Evaluator> {
  const { dataset, model, blocks, recorder } = request;
  const { experiment } = dataset;
  refuseUnequalPoints(id, request);
  const file = openSync(dataset.path, "r");
  const tables = createTimeTables(experiment.timeCount);
  const angleCount = experiment.anglesDegrees.length;
  const rowsPerChunk = Math.max(
    1,
    Math.floor(mostChunkPoints / (experiment.timeCount * (model.scalingPerAngle ? 1 : angleCount))),
  );
  const pointsOf = (block: Block): number => block.rowCount * experiment.timeCount * angleCount;
  const evaluator: Evaluator = {
    id,
    precision: "f32",
    description,
    variant: id,
    parameterCount: model.parameters(experiment).length,
    blockCount: blocks.length,
    pointsOfBlocks: ({ first, end }) => blocks.slice(first, end).reduce((count, block) => count + pointsOf(block), 0),
    async evaluate(parameters, out, { first, end }) {
      checkUnchanged(dataset, file);
      const transport = model.transport(parameters);
      fillTimeTables(experiment, transport, tables);
      const groups = model.scalingPerAngle
        ? experiment.anglesDegrees.map((_, angle) => [angle])
        : [experiment.anglesDegrees.map((_, angle) => angle)];
      for (const block of blocks.slice(first, end))
        for (let row = 0; row < block.rowCount; row += rowsPerChunk) {
          const rows = Array.from(
            { length: Math.min(rowsPerChunk, block.rowCount - row) },
            (_, index) => block.firstRow + (row + index) * block.rowStep,
          );
          for (const angles of groups) {
            recorder.begin("chunk", SpanKind.op);
            const sums = await sumChunk(
              { tf, request, file, tables, parameters, flowAngle: transport.flowAngleDegrees },
              rows,
              angles,
            );
            addProducts(sums, model.columns(angles[0]), out);
            recorder.end();
          }
        }
    },
    dispose: () => {
      closeSync(file);
      return Promise.resolve();
    },
  };
  return evaluator;
}

interface ChunkParts {
  readonly tf: Core;
  readonly request: EvaluatorRequest;
  readonly file: number;
  readonly tables: TimeTables;
  readonly parameters: Float64Array;
  readonly flowAngle: number;
}

/** (p+1)² products of the columns of J and the residual, r last, summed over the points of the rows at the angles. */
async function sumChunk(parts: ChunkParts, rows: readonly number[], angles: readonly number[]): Promise<Float32Array> {
  const { tf, request } = parts;
  const { model, dataset, recorder } = request;
  const n = dataset.experiment.timeCount;
  recorder.begin("io.read", SpanKind.io);
  const [contrast, offset] = model.scaling(parts.parameters, angles[0]);
  const residualShift = new Float32Array(angles.length * rows.length * n);
  readRows(dataset, parts.file, { rows, angles, shift: offset }, residualShift);
  recorder.end();
  const shared = computeShared(parts, rows);
  recorder.begin("device.dispatch", SpanKind.launch);
  const products = tf.tidy(() => {
    const size = [1, rows.length, n];
    const upload = (values: Float32Array): Tensor => tf.tensor(values, size);
    const decay = tf.exp(upload(shared.exponent));
    const flow = model.hasFlow ? computeFlow(parts, upload(shared.absG), angles) : null;
    const shape: [number, number, number] = [angles.length, rows.length, n];
    const E = flow === null ? tf.broadcastTo(decay, shape) : tf.mul(decay, flow.sinc4);
    const u = tf.mul(E, contrast);
    const columns: Tensor[] = [E, tf.onesLike(E), ...shared.diffusion.map((table) => tf.mul(u, upload(table)))];
    if (flow !== null) {
      const w = tf.mul(tf.mul(decay, 4 * contrast), flow.slope);
      const v = tf.mul(w, flow.kappaCos);
      columns.push(
        ...shared.shear.map((table) => tf.mul(v, upload(table))),
        tf.mul(tf.mul(w, flow.kappaSin), upload(shared.absG)),
      );
    }
    const residual = tf.sub(tf.tensor(residualShift, shape), tf.mul(E, contrast));
    const flat = [...columns, residual].map((column) => tf.reshape(column, [1, -1]));
    const J = tf.concat(flat, 0);
    return tf.matMul(J, J, false, true);
  });
  recorder.end();
  recorder.begin("device.wait", SpanKind.sync);
  const sums = (await products.data()) as Float32Array;
  products.dispose();
  recorder.end();
  return sums;
}

/** sinc⁴Φ, sinc³Φ·(cosΦ − sincΦ)/Φ and the factors of the angles. */
function computeFlow({ tf, request, flowAngle }: ChunkParts, absG: Tensor, angles: readonly number[]) {
  const { experiment } = request.dataset;
  const kappa = shearFactor(experiment);
  const phases = angles.map((angle) => (flowAngle - experiment.anglesDegrees[angle]) * radiansPerDegree);
  const perAngle = (values: readonly number[]): Tensor => tf.tensor(Float32Array.from(values), [angles.length, 1, 1]);
  const kappaCos = perAngle(phases.map((phase) => kappa * Math.cos(phase)));
  const x = tf.mul(kappaCos, absG);
  const square = tf.square(x);
  const small = tf.less(tf.abs(x), seriesBelow);
  const safe = tf.where(small, tf.onesLike(x), x);
  const polynomial = (coefficients: readonly number[]): Tensor =>
    coefficients.reduceRight<Tensor>((sum, coefficient) => tf.add(tf.mul(sum, square), coefficient), tf.zerosLike(x));
  const quotient = tf.div(tf.sin(safe), safe);
  const sinc = tf.where(small, polynomial([1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362_880]), quotient);
  const slopeSeries = tf.mul(x, polynomial([-1 / 3, 1 / 30, -1 / 840, 1 / 45_360]));
  const slope = tf.where(small, slopeSeries, tf.div(tf.sub(tf.cos(safe), quotient), safe));
  const sinc3 = tf.mul(tf.square(sinc), sinc);
  return {
    kappaCos,
    kappaSin: perAngle(phases.map((phase) => -kappa * Math.sin(phase) * radiansPerDegree)),
    sinc4: tf.mul(sinc3, sinc),
    slope: tf.mul(sinc3, slope),
  };
}

/** What depends on the two times alone, float64 until it is stored. */
function computeShared(
  { request: { dataset, model }, tables: { values, stride } }: ChunkParts,
  rows: readonly number[],
) {
  const n = dataset.experiment.timeCount;
  const k2 = diffusionFactor(dataset.experiment);
  const make = (): Float32Array => new Float32Array(rows.length * n);
  const exponent = make();
  const absG = make();
  const diffusion = [make(), make(), make()];
  const shear = [make(), make(), make()];
  for (const [row, i] of rows.entries())
    for (let j = 0; j < n; j++) {
      const at = row * n + j;
      const dS = values[i] - values[j];
      const lengthS = Math.sqrt(dS * dS + 1e-12);
      exponent[at] = Math.max(k2 * lengthS, -80);
      for (let k = 0; k < 3; k++)
        diffusion[k][at] = ((k2 * dS) / lengthS) * (values[(k + 1) * stride + i] - values[(k + 1) * stride + j]);
      if (!model.hasFlow) continue;
      const dG = values[4 * stride + i] - values[4 * stride + j];
      const lengthG = Math.sqrt(dG * dG + 1e-12);
      absG[at] = lengthG;
      for (let k = 0; k < 3; k++)
        shear[k][at] = (dG / lengthG) * (values[(k + 5) * stride + i] - values[(k + 5) * stride + j]);
    }
  return { exponent, absG, diffusion, shear };
}
