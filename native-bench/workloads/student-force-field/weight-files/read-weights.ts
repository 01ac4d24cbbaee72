import { TraceFormatError, UserFacingError } from "../../../../traces/model/errors.ts";
import type { Weights } from "../model/weights.ts";
import { matchWeights } from "./match-weights.ts";
import { readOnnxInitializers } from "./onnx-initializers.ts";
import { readSafetensors } from "./safetensors.ts";

/** Weights from the bytes of an .onnx or .safetensors file. Throws UserFacingError that says what is wrong. */
export function readWeights(fileName: string, bytes: Uint8Array): Weights {
  try {
    return readByEnding(fileName, bytes);
  } catch (error) {
    if (!(error instanceof UserFacingError || error instanceof TraceFormatError)) throw error;
    throw new UserFacingError(`${fileName}: ${error.message}`, { cause: error });
  }
}

function readByEnding(fileName: string, bytes: Uint8Array): Weights {
  const extension = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (extension === "safetensors") return matchWeights(readSafetensors(bytes), fileName);
  if (extension === "onnx") {
    const { tensors, graphFaults } = readOnnxInitializers(bytes);
    const weights = matchWeights(tensors, fileName);
    return { ...weights, notes: [...weights.notes, ...graphFaults] };
  }
  throw new UserFacingError(`expected weights in an .onnx or .safetensors file`);
}
