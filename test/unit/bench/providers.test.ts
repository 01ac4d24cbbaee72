import { describe, expect, test } from "vitest";
import { describeResult } from "../../../electron/cli/bench/results-table.ts";
import { explainAdded } from "../../../native-bench/backends/onnxruntime/added-provider.ts";
import { findProbeFault } from "../../../native-bench/backends/onnxruntime/probe.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";

describe("a provider that shall run a graph", () => {
  test("is no answer where another one ran the nodes of its probe, which is named", () => {
    const product = { data: Float32Array.of(4) };
    expect(findProbeFault(product, { CUDAExecutionProvider: 1 }, "TensorrtExecutionProvider")).toBe(
      "TensorRT took no node of the probe; it ran 1 node on CUDA",
    );
    expect(findProbeFault(product, {}, "CUDAExecutionProvider")).toBe("CUDA took no node of the probe; it ran nowhere");
    expect(findProbeFault(product, { CUDAExecutionProvider: 1 }, "CUDAExecutionProvider")).toBeNull();
  });

  test("is not to be added again where its library is there: TensorRT itself is missing, and CUDA runs without it", () => {
    const fault = { available: false, reason: "libnvinfer.so.10: cannot open shared object file" } as const;
    expect(explainAdded("tensorrt", fault, true)).toEqual({
      available: false,
      reason:
        "its provider is there, but does not run: TensorRT itself (libnvinfer) is to be installed beside it; without it onnxruntime-cuda runs on the CUDA provider. libnvinfer.so.10: cannot open shared object file",
    });
    expect(explainAdded("cuda", fault, true)).toBe(fault);
  });

  test("is told with the nodes that it ran and those that others ran", () => {
    const measured = describeUnmeasured(
      { variant: "fast", backend: "onnxruntime-tensorrt", options: {} },
      "measured",
      null,
    );
    const placement = { TensorrtExecutionProvider: 3, CUDAExecutionProvider: 1 };
    expect(describeResult({ ...measured, placement })).toContain("3 nodes on TensorRT, 1 node on CUDA");
    expect(describeResult({ ...measured, placement: { TensorrtExecutionProvider: 4 } })).toContain(
      "4 nodes on TensorRT",
    );
    const onCpu = { ...measured, backend: "onnxruntime-cpu", placement: { CPUExecutionProvider: 4 } };
    expect(describeResult(onCpu)).not.toContain("nodes");
  });
});
