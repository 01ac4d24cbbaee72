import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Weight 1/28 of the usual: a window gets the processor as soon as it wants it. */
export const yieldingNiceness = 15;

/** A third of the usual weight: an import goes on beside programs that want all cores, and the window still goes first. */
export const importNiceness = 5;

/**
 * What `start` returns; the threads that it starts give way from their first moment on. A thread can lower itself only
 * once its own code runs, and Node.js alone computes for 30 to 50 ms before. Only on Linux is priority a matter of
 * threads; elsewhere a whole process would change, so nothing is done.
 */
export function startYielding<T>(start: () => T, niceness: number): T {
  return startNoting(start, (thread) => lower(thread, niceness));
}

/**
 * The same for threads that compute without a pause: they are of Linux's idle class besides. A processor with nobody
 * else on it counts as free then, so that a thread of the window that wakes up goes there, while niceness only says who
 * goes first among those on one processor: the window would wait behind its own helpers on the other one.
 */
export function startIdle<T>(start: () => T): T {
  return startNoting(start, (thread) => {
    lower(thread, yieldingNiceness);
    // Node.js has no call for it, util-linux a program. Where that is not installed, the niceness remains.
    execFile("chrt", ["--idle", "--pid", "0", String(thread)], () => undefined);
  });
}

/**
 * Lets the helpers of V8, which collect garbage and compile for all threads of a process, give way to the window a
 * little, as imports do. To be called before the process starts threads of its own; gives their number.
 */
export function yieldHelpers(): number {
  if (process.platform !== "linux") return 0;
  const nameOf = (thread: string): string => readFileSync(`${threadsFolder}/${thread}/comm`, "utf8").trim();
  const own = String(process.pid);
  // Node.js names them since version 24; before, threads without a name have that of the process.
  const names = new Set([nameOf(own), "V8Worker"]);
  const helpers = readdirSync(threadsFolder).filter((thread) => thread !== own && names.has(nameOf(thread)));
  for (const helper of helpers) lower(Number(helper), importNiceness);
  return helpers.length;
}

const threadsFolder = "/proc/self/task";

/** What `start` returns; `take` gets the threads that were not there before. */
function startNoting<T>(start: () => T, take: (thread: number) => void): T {
  if (process.platform !== "linux") return start();
  const known = new Set(readdirSync(threadsFolder));
  const started = start();
  for (const id of readdirSync(threadsFolder)) if (!known.has(id)) take(Number(id));
  return started;
}

function lower(thread: number, niceness: number): void {
  try {
    // It may be lower already, and raising it takes rights.
    if (getPriority(thread) < niceness) setPriority(thread, niceness);
  } catch {
    // It has ended meanwhile.
  }
}

/** Niceness of the calling thread (elsewhere of its process): 0 is usual, more gives way. Null where not readable. */
export function readNiceness(): number | null {
  try {
    return getPriority(0);
  } catch {
    return null;
  }
}

/** Whether the calling thread is of Linux's idle class. */
export function isOfIdleClass(): boolean {
  if (process.platform !== "linux") return false;
  try {
    // Field 41, the policy; the name of the thread, field 2, may hold blanks and brackets.
    const line = readFileSync("/proc/thread-self/stat", "latin1");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[38] === idlePolicy;
  } catch {
    return false;
  }
}

const idlePolicy = "5";
