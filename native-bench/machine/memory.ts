import { readFileSync, writeFileSync } from "node:fs";

/** The largest resident size of the process since `resetPeak`, B; the present one where the system keeps no peak. */
export function readPeakBytes(): number {
  const status = read("/proc/self/status");
  const kilobytes = status === null ? undefined : /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? process.memoryUsage.rss() : Number(kilobytes) * 1024;
}

/**
 * Starts a new peak from the present size. False where that cannot be done (not Linux, not permitted): `readPeakBytes`
 * then tells the peak of the whole run, which is still a bound.
 */
export function resetPeak(): boolean {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
