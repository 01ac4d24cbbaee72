import { closeSync, openSync } from "node:fs";
import type * as OnnxRuntime from "onnxruntime-node";
import type { InferenceSession } from "onnxruntime-node";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { loadOnnxRuntime } from "../../../backends/onnxruntime/load.ts";
import { checkUnchanged } from "../data/dataset.ts";
import { diffusionFactor, shearFactor } from "../model/experiment.ts";
import { createTimeTables, fillTimeTables } from "../model/time-tables.ts";
import type { Block } from "./block-plan.ts";
import type { Evaluator } from "./evaluator.ts";
import { addProducts } from "./normal-equations.ts";
import { buildPassGraph } from "./ort-graph.ts";
import { readRows, refuseUnequalPoints } from "./read-rows.ts";
import type { EvaluatorRequest } from "./wasm-f64.ts";

/** Points of a run of the session: about 14 arrays of so many doubles are alive. */
const chunkPoints = 65_536;
const radiansPerDegree = Math.PI / 180;
const tableCount = 8;

/** The pass by ONNX Runtime on the CPU in float64: operators and sums that are not ours, to check ours against. */
export async function createOrtF64(request: EvaluatorRequest): Promise<Evaluator> {
  refuseUnequalPoints("ort-f64", request);
  const { dataset, model, blocks, recorder } = request;
  const { experiment } = dataset;
  const { timeCount: n, anglesDegrees } = experiment;
  const groups = model.scalingPerAngle
    ? anglesDegrees.map((_, angle) => [angle])
    : [anglesDegrees.map((_, angle) => angle)];
  const angleCount = groups[0].length;
  recorder.begin("kernel.compile", SpanKind.compile, { engine: "ort-f64" });
  const ort = await loadOnnxRuntime();
  const session = await ort.InferenceSession.create(
    buildPassGraph({ hasFlow: model.hasFlow, timeCount: n, angleCount }),
    { executionProviders: ["cpu"], intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 },
  );
  recorder.end();
  const file = openSync(dataset.path, "r");
  const tables = createTimeTables(n);
  const rowsPerChunk = Math.max(1, Math.floor(chunkPoints / (n * angleCount)));
  const pointsOf = (block: Block): number => block.rowCount * n * anglesDegrees.length;
  const sumChunk = createChunkSums(request, { ort, session, file });
  return {
    id: "ort-f64",
    precision: "f64",
    description: "ONNX Runtime, float64, CPU, 1 thread",
    variant: "ort-f64",
    parameterCount: model.parameters(experiment).length,
    blockCount: blocks.length,
    rangePoints: 4 * chunkPoints,
    pointsOfBlocks: ({ first, end }) => blocks.slice(first, end).reduce((count, block) => count + pointsOf(block), 0),
    async evaluate(parameters, out, { first, end }) {
      checkUnchanged(dataset, file);
      recorder.begin("tables", SpanKind.op);
      const transport = model.transport(parameters);
      fillTimeTables(experiment, transport, tables);
      const columns = packTables(tables.values, tables.stride, n);
      recorder.end();
      for (const { firstRow, rowCount, rowStep } of blocks.slice(first, end))
        for (let row = 0; row < rowCount; row += rowsPerChunk) {
          const count = Math.min(rowsPerChunk, rowCount - row);
          const rows = Array.from({ length: count }, (_, index) => firstRow + (row + index) * rowStep);
          for (const angles of groups)
            addProducts(
              await sumChunk({ rows, angles, columns, parameters, flowAngle: transport.flowAngleDegrees }),
              model.columns(angles[0]),
              out,
            );
        }
    },
    async dispose() {
      closeSync(file);
      await session.release();
    },
  };
}

interface ChunkParts {
  readonly ort: typeof OnnxRuntime;
  readonly session: InferenceSession;
  readonly file: number;
}

interface Chunk {
  readonly rows: readonly number[];
  readonly angles: readonly number[];
  /** The cumulative integrals, one after another without padding. */
  readonly columns: Float64Array;
  readonly parameters: Float64Array;
  /** φ0, degrees. */
  readonly flowAngle: number;
}

/** Runs the session over rows at angles: (p+1)² products of the columns of J and the residual. */
function createChunkSums(
  { dataset, model, recorder }: EvaluatorRequest,
  { ort, session, file }: ChunkParts,
): (chunk: Chunk) => Promise<Float64Array> {
  const { experiment } = dataset;
  const { timeCount: n, anglesDegrees } = experiment;
  const tensor = (values: Float64Array, shape: readonly number[]) => new ort.Tensor("float64", values, shape);
  const angleFactors = (angles: readonly number[], flowAngle: number): Float64Array => {
    const kappa = shearFactor(experiment);
    const phases = angles.map((angle) => (flowAngle - anglesDegrees[angle]) * radiansPerDegree);
    return Float64Array.from([
      ...phases.map((phase) => kappa * Math.cos(phase)),
      ...phases.map((phase) => -kappa * Math.sin(phase) * radiansPerDegree),
    ]);
  };
  return async ({ rows, angles, columns, parameters, flowAngle }) => {
    recorder.begin("io.read", SpanKind.io);
    const y = new Float64Array(angles.length * rows.length * n);
    readRows(dataset, file, { rows, angles, shift: 0 }, y);
    recorder.end();
    const [contrast, offset] = model.scaling(parameters, angles[0]);
    const rowTables = new Float64Array(tableCount * rows.length);
    for (let table = 0; table < tableCount; table++)
      for (const [row, i] of rows.entries()) rowTables[table * rows.length + row] = columns[table * n + i];
    recorder.begin("kernel", SpanKind.kernel);
    const { products } = await session.run({
      row: tensor(rowTables, [tableCount, rows.length, 1]),
      column: tensor(columns, [tableCount, 1, n]),
      factors: tensor(Float64Array.of(diffusionFactor(experiment), contrast, offset), [3]),
      y: tensor(y, [angles.length, rows.length, n]),
      ...(model.hasFlow && { angles: tensor(angleFactors(angles, flowAngle), [2, angles.length, 1, 1]) }),
    });
    recorder.end();
    return products.data as Float64Array;
  };
}

/** The tables without what pads them. */
function packTables(values: Float64Array, stride: number, n: number): Float64Array {
  const packed = new Float64Array(tableCount * n);
  for (let table = 0; table < tableCount; table++)
    packed.set(values.subarray(table * stride, table * stride + n), table * n);
  return packed;
}
