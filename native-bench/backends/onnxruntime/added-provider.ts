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
  const answer = await probeProvider(backend, describe);
  return answer.available ? answer : { ...answer, remedy };
}
