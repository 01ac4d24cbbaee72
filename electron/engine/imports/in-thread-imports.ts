import { allocatePlain } from "../../../traces/model/column.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { openByteSource } from "../node-host.ts";
import type { Imports } from "./import-job.ts";
import { importSource, limitsOf } from "./perform-import.ts";

/** Imports on the thread that asks, which answers nothing else between two chunks: where there is no worker bundle. */
export function createInThreadImports(): Imports {
  let closed = false;
  return {
    async run(job, watcher, signal) {
      const throwIfCancelled = (): void => {
        if (signal.aborted || closed) throw new CancelledError();
      };
      throwIfCancelled();
      const open = () => openByteSource(job.path, { limits: limitsOf(job) });
      return await importSource(open, job, watcher, {
        allocate: allocatePlain,
        throwIfCancelled,
        nowMs: () => performance.now(),
      });
    },
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}
