import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/*
 * Names of graphics adapters, from what Linux shows without rights. Elsewhere nothing is known, and an empty list
 * says so.
 */

/** Adapters whose kernel driver is loaded: "NVIDIA H100 80GB HBM3", "amdgpu 1002:744c". */
export function listAdapters(): readonly string[] {
  const nvidia = listNvidia("/proc/driver/nvidia/gpus");
  return nvidia.length > 0 ? nvidia : listDrm("/sys/class/drm");
}

/**
 * The adapters for people: those of the system, and behind them those that a CPU emulates, called so. `emulated`: names
 * of software devices that answered; the driver that this process has loaded may be a further one.
 */
export function nameAdapters(emulated: readonly string[]): readonly string[] {
  const driver = findVulkanDriver();
  const names = new Set([...emulated, ...(driver?.software === true ? [driver.name] : [])]);
  return [...listAdapters(), ...[...names].map((name) => `${name}, a software adapter`)];
}

/** The Vulkan driver this process has loaded: the one that computes when several are installed. Null when none is. */
export function findVulkanDriver(): { readonly name: string; readonly software: boolean } | null {
  const maps = read("/proc/self/maps");
  if (maps === null) return null;
  return vulkanDrivers.find(({ library }) => maps.includes(library)) ?? null;
}

/** Software drivers first: a process that holds one of them computes on the CPU or may do so. */
const vulkanDrivers = [
  { library: "libvk_swiftshader.so", name: "SwiftShader (Vulkan on the CPU)", software: true },
  { library: "libvulkan_lvp.so", name: "llvmpipe (Vulkan on the CPU)", software: true },
  { library: "libGLX_nvidia.so", name: "NVIDIA driver", software: false },
  { library: "libEGL_nvidia.so", name: "NVIDIA driver", software: false },
  { library: "libvulkan_radeon.so", name: "RADV (AMD)", software: false },
  { library: "amdvlk64.so", name: "AMDVLK (AMD)", software: false },
  { library: "libvulkan_intel.so", name: "ANV (Intel)", software: false },
  { library: "libvulkan_intel_hasvk.so", name: "HASVK (Intel)", software: false },
  { library: "libvulkan_nouveau.so", name: "NVK (NVIDIA)", software: false },
];

function listNvidia(folder: string): string[] {
  return list(folder).flatMap((entry) => {
    const model = /^Model:\s*(.+)$/m.exec(read(join(folder, entry, "information")) ?? "")?.[1];
    return model === undefined ? [] : [model.trim()];
  });
}

function listDrm(folder: string): string[] {
  return list(folder)
    .filter((entry) => /^card\d+$/.test(entry))
    .flatMap((entry) => {
      const uevent = read(join(folder, entry, "device", "uevent")) ?? "";
      const driver = /^DRIVER=(.+)$/m.exec(uevent)?.[1];
      const id = /^PCI_ID=(.+)$/m.exec(uevent)?.[1];
      return driver === undefined || id === undefined ? [] : [`${driver} ${id.toLowerCase()}`];
    });
}

/** Files of the system that are missing or may not be read mean: nothing known. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
