import type { InferenceSession } from "onnxruntime-node";
import type { GpuLine } from "../gpu/gpu-line.ts";
import type { Availability, DeviceFacts } from "../plan/availability.ts";
import type { Library } from "../plan/catalog.ts";

/** One way to execute: an execution provider of ONNX Runtime, a backend of TensorFlow.js, kernels of our own. */
export type Backend = OrtBackend | OtherBackend;

interface BackendBase {
  /** File name without ".ts"; what `--backend` takes. */
  readonly id: string;
  readonly label: string;
  readonly library: Library;
  /**
   * Finds out by computing something small, and names what really computed it. Never throws: a library that cannot be
   * loaded is an answer. Loads native code, so it runs in a worker, once. `gpu`: a line to a place that has WebGPU.
   */
  probe(gpu?: GpuLine | null): Promise<Availability>;
}

/** Makes sessions of ONNX Runtime. */
export interface OrtBackend extends BackendBase {
  readonly library: "onnxruntime";
  /** The provider that shall run the nodes, as ONNX Runtime names it in profiles: "WebGpuExecutionProvider". */
  readonly provider: string;
  /** Options of sessions on this backend; `intraOpNumThreads` and the rest is the workload's. */
  sessionOptions(): InferenceSession.SessionOptions;
}

/** Workloads know what to do with these by their id. */
export interface OtherBackend extends BackendBase {
  readonly library: "tfjs" | "own";
}

/** A backend that answered its probe. */
export interface OpenBackend {
  readonly backend: Backend;
  readonly device: DeviceFacts;
}
