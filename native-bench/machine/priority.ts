import { getPriority, setPriority } from "node:os";

/** Weight 1/28 of the usual: a window gets the processor as soon as it wants it. */
export const yieldingNiceness = 15;

/** A third of the usual weight: an import goes on beside programs that want all cores, and the window still goes first. */
export const importNiceness = 5;

/**
 * Lets the calling thread, and threads that it starts from now on, give way to everything of usual priority. Only on
 * Linux is priority a matter of threads; elsewhere a whole process would change, so nothing is done.
 */
export function yieldToWindow(niceness = yieldingNiceness): void {
  // Process 0 is the calling thread. It may be lower already, and raising it takes rights.
  if (process.platform === "linux" && getPriority(0) < niceness) setPriority(0, niceness);
}

/** Niceness of the calling thread (elsewhere of its process): 0 is usual, more gives way. Null where not readable. */
export function readNiceness(): number | null {
  try {
    return getPriority(0);
  } catch {
    return null;
  }
}
