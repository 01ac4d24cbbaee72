import type { Tensor } from "onnxruntime-node";
import { buildEdgeInputs, splitEdgeOutputs } from "../inputs/edge-inputs.ts";
import type { FloatType } from "../../../onnx/graph.ts";
import type { GraphLayout } from "./chunked-evaluator.ts";

/** Layout of the naive graphs: new arrays every time, as a first version would. */
export function createEdgeLayout(float: FloatType): GraphLayout {
  return {
    fill(parts, ort) {
      const inputs = buildEdgeInputs(parts);
      const atoms = inputs.z.length;
      const edges = inputs.centers.length;
      const structures = inputs.structureCount;
      const floats = (values: Float64Array, dims: number[]): Tensor =>
        float === "float64"
          ? new ort.Tensor("float64", values, dims)
          : new ort.Tensor("float32", Float32Array.from(values), dims);
      return {
        feeds: {
          z: new ort.Tensor("int64", inputs.z, [atoms]),
          positions: floats(inputs.positions, [atoms, 3]),
          shifts: floats(inputs.shifts, [edges, 3]),
          neighbors: new ort.Tensor("int64", inputs.neighbors, [edges]),
          centers: new ort.Tensor("int64", inputs.centers, [edges]),
          batch: new ort.Tensor("int64", inputs.batch, [atoms]),
          zeros: floats(new Float64Array(structures), [structures]),
        },
        split: (outputs) =>
          splitEdgeOutputs(parts, {
            energies: numbersOf(outputs.energies),
            forces: numbersOf(outputs.forces),
            edgeGradients: numbersOf(outputs.edgeGradients),
          }),
      };
    },
  };
}

function numbersOf({ data }: Tensor): ArrayLike<number> {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  throw new Error("expected an output of float32 or float64");
}
