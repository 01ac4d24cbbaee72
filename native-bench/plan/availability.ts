/** Whether something can run on this machine: an answer, never an exception. */
export type Availability =
  | { readonly available: true; readonly device: DeviceFacts }
  | {
      readonly available: false;
      /** Quotes the loader's own message where there is one. */
      readonly reason: string;
      /** The command that adds what is missing: "npm run engine:ort-cuda". */
      readonly remedy?: string;
    };

/** What really computes. */
export interface DeviceFacts {
  readonly kind: "cpu" | "gpu";
  /** Name of the processor or the adapter, as the system says. */
  readonly name: string;
  /** A GPU interface that a CPU emulates (SwiftShader, llvmpipe): correct, never a GPU speed. */
  readonly software: boolean;
  /** Element types it computes in. */
  readonly precisions: readonly Precision[];
  /** Library and driver versions, as name and version. */
  readonly versions: Readonly<Record<string, string>>;
}

export type Precision = "float64" | "float32" | "float16" | "int8";

/** What a configuration computed in, as reports tell it; stored weights are named where they are narrower. */
export type Arithmetic = Precision | "float16 weights, computed in float32";

/** What was asked for is not offered on this machine or for this input: an answer, not a fault. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
