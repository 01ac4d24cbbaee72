import { closeSync, openSync } from "node:fs";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import type { PassDevice } from "../../../gpu/pass-device.ts";
import { columnCountOf, type PassPhysics, type PassRequest } from "../../../gpu/pass-shape.ts";
import { checkUnchanged } from "../data/dataset.ts";
import { diffusionFactor, shearFactor } from "../model/experiment.ts";
import type { Transport } from "../model/time-tables.ts";
import { createTimeTables, fillTimeTables, type TimeTables } from "../model/time-tables.ts";
import type { Block } from "./block-plan.ts";
import type { BlockRange, Evaluator } from "./evaluator.ts";
import { type NormalEquations, packedIndex } from "./normal-equations.ts";
import { readRows, refuseUnequalPoints } from "./read-rows.ts";
import type { EvaluatorRequest } from "./wasm-f64.ts";

/** Points that stay on the device between passes: 384 MB. What is beyond is sent in every pass. */
const mostResidentPoints = 96e6;
/** Points of a slab: large enough to keep a device busy, small enough for its buffers and for a look at the clock in between. */
const slabPoints = 4_000_000;
const radiansPerDegree = Math.PI / 180;

export interface PassDeviceFacts {
  readonly device: PassDevice;
  /** What computes, for labels: "NVIDIA …", "SwiftShader …, software". */
  readonly description: string;
}

interface Slab {
  readonly number: number;
  readonly rows: readonly number[];
  readonly rowStep: number;
}

/** The pass as one WGSL kernel in float32. Points are uploaded once; a pass sends tables and gets sums back. For early passes. */
export async function createWebgpuEvaluator(
  { device, description }: PassDeviceFacts,
  request: EvaluatorRequest,
): Promise<Evaluator> {
  refuseUnequalPoints("tfjs-webgpu", request);
  const { dataset, model, blocks, recorder } = request;
  const { experiment } = dataset;
  const { timeCount: n, anglesDegrees } = experiment;
  const file = openSync(dataset.path, "r");
  const tables = createTimeTables(n);
  const slabs = createSlabs(device, request, file);
  const pointsOf = (block: Block): number => block.rowCount * n * anglesDegrees.length;
  return {
    id: "tfjs-webgpu",
    precision: "f32",
    description,
    variant: "tfjs-webgpu",
    parameterCount: model.parameters(experiment).length,
    blockCount: blocks.length,
    rangePoints: slabPoints,
    pointsOfBlocks: ({ first, end }) => blocks.slice(first, end).reduce((count, block) => count + pointsOf(block), 0),
    async evaluate(parameters, out, range) {
      checkUnchanged(dataset, file);
      recorder.begin("tables", SpanKind.op);
      const transport = model.transport(parameters);
      fillTimeTables(experiment, transport, tables);
      const inputs = scaleInputs(request, transport, tables);
      recorder.end();
      await slabs.withSlab(range, async (slab) => {
        const groups = model.scalingPerAngle
          ? anglesDegrees.map((_, angle) => [angle, 1])
          : [[0, anglesDegrees.length]];
        for (const [firstAngle = 0, angleCount = 0] of groups) {
          const [contrast, offset] = model.scaling(parameters, firstAngle);
          recorder.begin("device.wait", SpanKind.sync);
          const { sums, startMs, endMs } = await device.run({
            ...inputs.request,
            slab: slab.number,
            rowCount: slab.rows.length,
            firstRow: slab.rows[0] ?? 0,
            rowStep: slab.rowStep,
            firstAngle,
            angleCount,
            contrast,
            offset: offset - 1,
          });
          recorder.end();
          recorder.complete("device", "kernel", SpanKind.kernel, startMs, endMs);
          addScaled(sums, inputs.columnScales, model.columns(firstAngle), out);
        }
      });
    },
    async dispose() {
      closeSync(file);
      await slabs.drop();
    },
  };
}

interface Slabs {
  /** Makes sure that the rows of the blocks are on the device while `use` runs; they stay where there is room. */
  withSlab(range: BlockRange, use: (slab: Slab) => Promise<void>): Promise<void>;
  drop(): Promise<void>;
}

function createSlabs(device: PassDevice, { dataset, blocks, recorder }: EvaluatorRequest, file: number): Slabs {
  const { timeCount: n, anglesDegrees } = dataset.experiment;
  const slabs = new Map<string, Slab>();
  let residentPoints = 0;

  const upload = async (range: BlockRange): Promise<Slab> => {
    recorder.begin("io.read", SpanKind.io);
    const rows = blocks
      .slice(range.first, range.end)
      .flatMap(({ firstRow, rowCount, rowStep }) =>
        Array.from({ length: rowCount }, (_, row) => firstRow + row * rowStep),
      );
    const values = new Float32Array(anglesDegrees.length * rows.length * n);
    readRows(dataset, file, { rows, angles: anglesDegrees.map((_, angle) => angle), shift: 1 }, values);
    recorder.end();
    recorder.begin("device.upload", SpanKind.hostToDevice);
    const number = await device.upload(values);
    recorder.end();
    return { number, rows, rowStep: blocks[range.first].rowStep };
  };
  return {
    async withSlab(range, use) {
      const key = `${range.first}-${range.end}`;
      const known = slabs.get(key);
      if (known !== undefined) return await use(known);
      const slab = await upload(range);
      const points = slab.rows.length * n * anglesDegrees.length;
      if (residentPoints + points <= mostResidentPoints) {
        slabs.set(key, slab);
        residentPoints += points;
        recorder.counter("device bytes", 4 * residentPoints);
        return await use(slab);
      }
      try {
        await use(slab);
      } finally {
        await device.drop(slab.number);
      }
    },
    async drop() {
      for (const { number } of slabs.values()) await device.drop(number);
    },
  };
}

interface ScaledInputs {
  readonly request: Pick<PassRequest, "physics" | "timeCount" | "tables" | "angles" | "decay">;
  /** Factor of each column of the kernel, in the order of `FitModel.columns`. */
  readonly columnScales: readonly number[];
}

/** Tables that reach at most 1, and what the columns must be multiplied by for it: float32 neither overflows nor loses small columns. */
function scaleInputs({ dataset, model }: EvaluatorRequest, transport: Transport, tables: TimeTables): ScaledInputs {
  const { experiment } = dataset;
  const { timeCount: n, anglesDegrees } = experiment;
  const physics: PassPhysics = model.hasFlow ? "laminar" : "static";
  const tableCount = model.hasFlow ? 8 : 4;
  const scaled = new Float32Array(tableCount * n);
  const scales = Array.from({ length: tableCount }, (_, table) => {
    const values = tables.values.subarray(table * tables.stride, table * tables.stride + n);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    for (let i = 0; i < n; i++) scaled[table * n + i] = values[i] / largest;
    return largest;
  });
  const k2 = diffusionFactor(experiment);
  const kappa = shearFactor(experiment);
  const angles = new Float32Array(4 * anglesDegrees.length);
  for (const [angle, degrees] of anglesDegrees.entries()) {
    const phase = (transport.flowAngleDegrees - degrees) * radiansPerDegree;
    const perUnit = kappa * Math.cos(phase) * (scales[4] ?? 0);
    angles.set([perUnit, Math.cos(phase), -Math.sin(phase), 0], 4 * angle);
  }
  return {
    request: { physics, timeCount: n, tables: scaled, angles, decay: k2 * scales[0] },
    columnScales: [
      1,
      1,
      ...scales.slice(1, 4).map((scale) => k2 * scale),
      ...scales.slice(5).map((scale) => kappa * scale),
      ...(model.hasFlow ? [kappa * scales[4] * radiansPerDegree] : []),
    ].slice(0, columnCountOf(physics)),
  };
}

function addScaled(
  sums: Float64Array,
  scales: readonly number[],
  columns: readonly number[],
  out: NormalEquations,
): void {
  const count = columns.length;
  let index = 0;
  for (let row = 0; row < count; row++)
    for (let column = 0; column <= row; column++)
      out.H[packedIndex(columns[row], columns[column])] += sums[index++] * scales[row] * scales[column];
  for (let row = 0; row < count; row++) out.g[columns[row]] += sums[index++] * scales[row];
  out.cost += sums[index];
}
