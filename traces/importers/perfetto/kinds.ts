import { SpanKind } from "../../model/span-kind.ts";
import { CategorySide, kindOfEvent, runtimeKind, sideOfCategory, transferKind } from "../chrome/kinds.ts";

/** Categories of rocprofv3: calls of the host and work of the device. */
const hostCalls: ReadonlySet<string> = new Set([
  "hip_api",
  "hip_runtime_api",
  "hip_compiler_api",
  "hsa_api",
  "hsa_core_api",
  "hsa_amd_ext_api",
  "rccl_api",
]);

export function sideOf(category: string): CategorySide {
  if (hostCalls.has(category) || category === "marker_api") return CategorySide.host;
  if (category === "kernel_dispatch" || category === "memory_copy") return CategorySide.device;
  return sideOfCategory(category);
}

/** Kind of a span by category and name. */
export function kindOf(category: string, name: string): SpanKind {
  if (hostCalls.has(category)) return runtimeKind(name);
  if (category === "marker_api") return kindOfEvent("user_annotation", name);
  if (category === "kernel_dispatch") return kindOfEvent("kernel", name);
  if (category === "memory_copy") return copyKind(name);
  return kindOfEvent(category === "" ? null : category, name);
}

/** "MEMORY_COPY_HOST_TO_DEVICE" and the names that other tools give. */
function copyKind(name: string): SpanKind {
  const plain = name.replaceAll("_", "");
  return transferKind(plain) === SpanKind.other ? SpanKind.deviceToDevice : transferKind(plain);
}
