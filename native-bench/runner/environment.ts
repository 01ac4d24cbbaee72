import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import type { Environment } from "../../traces/measure/bench-report.ts";
import { nameAdapters } from "../machine/adapters.ts";
import { isOfIdleClass, readNiceness } from "../machine/priority.ts";
import { processorName } from "../machine/processor.ts";

/** What a run brings along of itself. */
export interface RunSurroundings {
  readonly appVersion: string;
  /** Calibrated, ns; null when nothing is recorded. */
  readonly spanCostNs: number | null;
  /** Of the libraries that answered. */
  readonly versions: Readonly<Record<string, string>>;
  /** Devices that answered and are emulated by a CPU. */
  readonly emulatedDevices: readonly string[];
}

/** The machine before a run. Nothing of the user: no names, no variables, no paths. */
export function readEnvironment({ appVersion, spanCostNs, versions, emulatedDevices }: RunSurroundings): Environment {
  const { node, v8, electron } = process.versions;
  return {
    startedAt: new Date().toISOString(),
    appVersion,
    os: `${type()} ${release()}, ${process.arch}`,
    cpu: processorName(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    gpus: nameAdapters(emulatedDevices),
    powerMode: readPowerMode(),
    niceness: readNiceness(),
    ...(isOfIdleClass() && { idleClass: true }),
    // Windows keeps no load average and answers 0.
    loadBefore: process.platform === "win32" ? null : (loadavg()[0] ?? null),
    versions: { node, v8: v8 ?? "?", ...(electron !== undefined && { electron }), ...versions },
    spanCostNs,
  };
}

function readPowerMode(): string | null {
  try {
    return readFileSync("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "utf8").trim();
  } catch {
    return null;
  }
}
