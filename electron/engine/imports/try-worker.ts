import { Worker } from "node:worker_threads";

/** A thread that an import can do without: null where the system gives no further one. `path`: that of its bundle. */
export function tryWorker(path: string, name: string, workerData?: unknown): Worker | null {
  try {
    return new Worker(path, { name, workerData });
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
