import { readFileSync, writeFileSync } from "node:fs";

/** The largest resident size of the process since `resetPeak`, B; the present one where the system keeps no peak. */
export function readPeakBytes(): number {
  const status = read("/proc/self/status");
  const kilobytes = status === null ? undefined : /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? process.memoryUsage.rss() : Number(kilobytes) * 1024;
}

/** Starts a new peak from the present size. Linux only; elsewhere the samples between are all there is. */
export function resetPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Not Linux, or not permitted: `readPeakBytes` then tells the peak of the whole run, which is still a bound.
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
