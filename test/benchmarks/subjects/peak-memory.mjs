import { readFileSync } from "node:fs";

/**
 * Peak resident memory of this process, KiB. From the system where it tells: what `resourceUsage` gives is never less
 * than the peak of the process that started this one.
 */
export function peakRssKb() {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (peak !== null) return Number(peak[1]);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return process.resourceUsage().maxRSS;
}
