import type { Availability, DeviceFacts } from "../../plan/availability.ts";
import type { OrtBackend } from "../backend.ts";
import { hasProviderLibrary } from "./load.ts";
import { probeProvider } from "./probe.ts";

/** The command that adds the providers of NVIDIA GPUs to the package. */
const remedy = "npm run engine:ort-cuda";

/** As `probeProvider`, for a provider that is not in the package: says how to add it before it tries to load it. */
export async function probeAddedProvider(
  name: "cuda" | "tensorrt",
  backend: Pick<OrtBackend, "provider" | "sessionOptions">,
  describe: () => Omit<DeviceFacts, "versions">,
): Promise<Availability> {
  if (process.platform !== "linux" && process.platform !== "win32")
    return { available: false, reason: `there is no ${name} provider for ${process.platform}` };
  if (!hasProviderLibrary(name)) return { available: false, reason: "not installed", remedy };
  return explainAdded(name, await probeProvider(backend, describe), hasProviderLibrary("cuda"));
}

/**
 * The answer of a provider whose library was added: adding it again helps nobody. The library of TensorRT's provider
 * comes with that of CUDA, TensorRT itself does not.
 */
export function explainAdded(name: "cuda" | "tensorrt", answer: Availability, hasCuda: boolean): Availability {
  if (answer.available || name !== "tensorrt") return answer;
  const other = hasCuda ? "; without it onnxruntime-cuda runs on the CUDA provider" : "";
  const reason = `its provider is there, but does not run: TensorRT itself (libnvinfer) is to be installed beside it${other}. ${answer.reason}`;
  return { available: false, reason };
}
