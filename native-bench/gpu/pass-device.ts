import type * as Tfjs from "@tensorflow/tfjs-core";
import { passShader } from "./pass-shader.ts";
import { type PassRequest, type PassSums, spanLengthOf, sumCountOf } from "./pass-shape.ts";

/** A device that holds slabs of measured points and sums passes over them: here, or behind a line to where WebGPU is. */
export interface PassDevice {
  /** Rows [angle][row][j] of y − 1; returns the number of the slab. */
  upload(values: Float32Array<ArrayBuffer>): Promise<number>;
  run(request: PassRequest): Promise<PassSums>;
  drop(slab: number): Promise<void>;
}

type Core = typeof Tfjs;

/** What is used of WebGPUBackend of @tensorflow/tfjs-backend-webgpu. */
interface WebGpuBackend {
  readonly device: GPUDevice;
  runWebGPUProgram(
    program: unknown,
    inputs: readonly Tfjs.TensorInfo[],
    dtype: "float32",
    uniforms: readonly { readonly type: "int32" | "float32"; readonly data: readonly number[] }[],
  ): Tfjs.TensorInfo;
}

const kernelName = "XpcsPass";
const threadsPerGroup = 64;

/** The pass as one kernel of our own, registered with the WebGPU backend of TensorFlow.js, which must be the current one. */
export function createPassDevice(tf: Core): PassDevice {
  registerOnce(tf);
  // Small tensors would be computed elsewhere.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  const { device } = tf.backend() as unknown as WebGpuBackend;
  const slabs = new Map<number, { readonly tensor: Tfjs.Tensor; readonly buffer: GPUBuffer }>();
  let slabCount = 0;
  return {
    async upload(values) {
      const buffer = device.createBuffer({
        size: values.byteLength,
        // STORAGE | COPY_SRC | COPY_DST
        usage: 0x80 | 0x04 | 0x08,
      });
      device.queue.writeBuffer(buffer, 0, values);
      await device.queue.onSubmittedWorkDone();
      // Not copied by the backend, so that the points are in memory once.
      const tensor = tf.tensor({ buffer, zeroCopy: true }, [values.length], "float32");
      slabs.set(++slabCount, { tensor, buffer });
      return slabCount;
    },
    async run(request) {
      const slab = slabs.get(request.slab);
      if (slab === undefined) throw new Error(`there is no slab ${request.slab} on the device`);
      const startMs = nowMs();
      // Faults of a program are no exceptions in WebGPU: unasked they leave zeros behind.
      device.pushErrorScope("validation");
      const sums = await sumSlab(tf, slab.tensor, request);
      const fault = await device.popErrorScope();
      if (fault !== null) throw new Error(`the device refused the pass: ${fault.message.split("\n")[0]}`);
      return { sums, startMs, endMs: nowMs() };
    },
    async drop(number) {
      const slab = slabs.get(number);
      slabs.delete(number);
      slab?.tensor.dispose();
      slab?.buffer.destroy();
    },
  };
}

async function sumSlab(tf: Core, points: Tfjs.Tensor, request: PassRequest): Promise<Float64Array<ArrayBuffer>> {
  const tables = tf.tensor1d(request.tables);
  const angleFactors = tf.tensor1d(request.angles);
  const partial = tf.engine().runKernel<Tfjs.Tensor>(kernelName, { points, tables, angleFactors }, request as never);
  try {
    return addTiles((await partial.data()) as Float32Array, sumCountOf(request.physics));
  } finally {
    tf.dispose([tables, angleFactors, partial]);
  }
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Sums of the threads, each at most 256 terms in float32, in float64 and in a fixed order. */
function addTiles(partial: Float32Array, count: number): Float64Array<ArrayBuffer> {
  const tiles = partial.length / count;
  const sums = new Float64Array(count);
  for (let entry = 0; entry < count; entry++) {
    let sum = 0;
    for (let at = entry * tiles; at < (entry + 1) * tiles; at++) sum += partial[at] ?? 0;
    sums[entry] = sum;
  }
  return sums;
}

function registerOnce(tf: Core): void {
  if (tf.getKernel(kernelName, "webgpu") !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc({ inputs, backend, attrs }) {
      const request = attrs as unknown as PassRequest;
      const { points, tables, angleFactors } = inputs as Readonly<Record<string, Tfjs.TensorInfo>>;
      if (points === undefined || tables === undefined || angleFactors === undefined)
        throw new Error("the pass kernel takes points, tables and angleFactors");
      return (backend as unknown as WebGpuBackend).runWebGPUProgram(
        createProgram(request),
        // The layout of bindings has no place for an input that the shader does not read.
        request.physics === "laminar" ? [points, tables, angleFactors] : [points, tables],
        "float32",
        uniformsOf(request),
      );
    },
  });
}

const uniformNames = [
  "timeCount : i32",
  "rowCount : i32",
  "firstRow : i32",
  "rowStep : i32",
  "firstAngle : i32",
  "angleCount : i32",
  "spanLength : i32",
  "decay : f32",
  "contrast : f32",
  "offset : f32",
];

function uniformsOf(request: PassRequest) {
  const { timeCount, rowCount, firstRow, rowStep, firstAngle, angleCount, decay, contrast, offset } = request;
  const whole = [timeCount, rowCount, firstRow, rowStep, firstAngle, angleCount, spanLengthOf(angleCount)];
  return [
    ...whole.map((value) => ({ type: "int32" as const, data: [value] })),
    ...[decay, contrast, offset].map((value) => ({ type: "float32" as const, data: [value] })),
  ];
}

/** As WebGPUProgram of the backend wants it; compiled once a shape of physics, since the key has no sizes in it. */
function createProgram({ physics, timeCount, rowCount, angleCount }: PassRequest) {
  const tiles = rowCount * Math.ceil(timeCount / spanLengthOf(angleCount));
  return {
    variableNames: physics === "laminar" ? ["points", "tables", "angleFactors"] : ["points", "tables"],
    outputShape: [sumCountOf(physics), tiles],
    dispatchLayout: { x: [0, 1] },
    dispatch: [Math.ceil(tiles / threadsPerGroup), 1, 1],
    workgroupSize: [threadsPerGroup, 1, 1],
    uniforms: `${uniformNames.join(", ")},`,
    size: false,
    shaderKey: `xpcs-pass-${physics}`,
    getUserCode: () => passShader(physics),
  };
}
