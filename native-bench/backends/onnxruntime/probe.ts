import type { Tensor } from "onnxruntime-node";
import type { Availability, DeviceFacts } from "../../plan/availability.ts";
import { writeOnnxModel } from "../../samples/onnx-model.mjs";
import { countNodesWords, shortProvider } from "../../../traces/measure/placement-words.ts";
import type { OrtBackend } from "../backend.ts";
import { loadOnnxRuntime } from "./load.ts";
import { countPlacement, createProfileFolder } from "./profile.ts";

const size = 4;

/**
 * Multiplies two small matrices on the backend and asks the profile who did it: a provider that cannot be loaded may
 * leave its work to the CPU without a word, and that is "unavailable". `describe` names the device after the run,
 * when the drivers are loaded.
 */
export async function probeProvider(
  { provider, sessionOptions }: Pick<OrtBackend, "provider" | "sessionOptions">,
  describe: () => Omit<DeviceFacts, "versions">,
): Promise<Availability> {
  try {
    const ort = await loadOnnxRuntime();
    const profile = createProfileFolder();
    try {
      const session = await ort.InferenceSession.create(buildProbeModel(), {
        ...sessionOptions(),
        ...profile.options,
        logSeverityLevel: 4,
      });
      const ones = new Float32Array(size * size).fill(1);
      const { y } = await session.run({ x: new ort.Tensor("float32", ones, [size, size]) });
      const placement = countPlacement(profile.finish(session));
      await session.release();
      const reason = findProbeFault(y, placement, provider);
      if (reason !== null) return { available: false, reason };
      return {
        available: true,
        device: { ...describe(), versions: { "onnxruntime-node": ort.env.versions.node ?? "?" } },
      };
    } finally {
      profile.discard();
    }
  } catch (error) {
    return { available: false, reason: withoutSourcePlace(error instanceof Error ? error.message : String(error)) };
  }
}

/** The library's own words; the place in its sources, which comes before them, says nothing to its users. */
function withoutSourcePlace(message: string): string {
  return (/^\/.* was false\. (.+)$/s.exec(message)?.[1] ?? message).trim();
}

/** Why a probe says nothing for `provider`: whoever ran its nodes is named. */
export function findProbeFault(
  product: Pick<Tensor, "data"> | undefined,
  placement: Readonly<Record<string, number>>,
  provider: string,
): string | null {
  if (placement[provider] === undefined)
    return `${shortProvider(provider)} took no node of the probe; it ran ${countNodesWords(placement) || "nowhere"}`;
  return product?.data[0] === size ? null : `a matrix product came out wrong: ${String(product?.data[0])}, not ${size}`;
}

/** y = x · (ones): 4×4, so that every product is 4. */
function buildProbeModel(): Uint8Array {
  return writeOnnxModel({
    name: "probe",
    nodes: [{ op: "MatMul", name: "product", inputs: ["x", "w"], output: "y" }],
    weights: [{ name: "w", dims: [size, size], values: new Float32Array(size * size).fill(1) }],
    inputs: [{ name: "x", dims: [size, size], type: "float" }],
    outputs: [{ name: "y", dims: [size, size], type: "float" }],
  });
}
