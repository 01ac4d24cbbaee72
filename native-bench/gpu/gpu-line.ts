import type { PassDevice } from "./pass-device.ts";
import type { PassRequest, PassSums } from "./pass-shape.ts";

/** What computes, as the adapter says. */
export interface GpuFacts {
  readonly name: string;
  /** A device that is the CPU. */
  readonly software: boolean;
  /** Of TensorFlow.js. */
  readonly version: string;
}

/** What may be asked of a place that has WebGPU. Plain data: it travels between processes. */
export type GpuQuestion =
  | { readonly kind: "open" }
  | { readonly kind: "upload"; readonly values: Float32Array<ArrayBuffer> }
  | { readonly kind: "run"; readonly request: PassRequest }
  | { readonly kind: "drop"; readonly slab: number };

export type GpuAnswer =
  | { readonly kind: "open"; readonly facts: GpuFacts }
  | { readonly kind: "upload"; readonly slab: number }
  | { readonly kind: "run"; readonly sums: PassSums }
  | { readonly kind: "drop" };

/** A line to such a place. Rejects with what went wrong there. */
export interface GpuLine {
  ask(question: GpuQuestion): Promise<GpuAnswer>;
}

/** The device at the other end of a line. */
export function createLineDevice(line: GpuLine): PassDevice {
  return {
    async upload(values) {
      const answer = await line.ask({ kind: "upload", values });
      if (answer.kind !== "upload") throw new Error(`expected a slab, found ${answer.kind}`);
      return answer.slab;
    },
    async run(request) {
      const answer = await line.ask({ kind: "run", request });
      if (answer.kind !== "run") throw new Error(`expected sums, found ${answer.kind}`);
      return answer.sums;
    },
    async drop(slab) {
      await line.ask({ kind: "drop", slab });
    },
  };
}

/** Answers questions where WebGPU is. `open` starts it; asked again it answers from the device it has. */
export function createGpuAnswers(
  open: () => Promise<{ readonly facts: GpuFacts; readonly device: PassDevice }>,
): (question: GpuQuestion) => Promise<GpuAnswer> {
  let opened: ReturnType<typeof open> | null = null;
  return async (question) => {
    opened ??= open();
    // A later question may find a device that this one did not.
    opened.catch(() => (opened = null));
    const { facts, device } = await opened;
    switch (question.kind) {
      case "open":
        return { kind: "open", facts };
      case "upload":
        return { kind: "upload", slab: await device.upload(question.values) };
      case "run":
        return { kind: "run", sums: await device.run(question.request) };
      case "drop":
        await device.drop(question.slab);
        return { kind: "drop" };
    }
  };
}
