import type { Worker } from "node:worker_threads";
import type { RecordMessage, SaverMessage } from "../../../native-bench/spans/record-message.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { toPlainError } from "../../contract/plain-error.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import type { FromCollector, ToCollector } from "./run-messages.ts";
import type { RunFacts } from "./run-trace.ts";

/** The thread that makes the traces of a run, seen from the engine. */
export interface Collector {
  take(message: RecordMessage): void;
  /** Everything recorded; rejects with `UserFacingError` when the thread has died. */
  seal(facts: RunFacts): Promise<ImportedTrace>;
  end(): Promise<void>;
}

export interface CollectorWatcher {
  readonly onSnapshot: ((imported: ImportedTrace) => void) | null;
  readonly onSaved: (message: SaverMessage) => void;
}

/** Messages of the recorders of other threads may still be on their lines when the run is done. */
const lastMessagesMs = 30;

export function startCollector(worker: Worker, { onSnapshot, onSaved }: CollectorWatcher): Collector {
  let isSealing = false;
  const post = (message: ToCollector): void => worker.postMessage(message);
  const sealed = new Promise<ImportedTrace>((resolve, reject) => {
    worker.on("message", (message: FromCollector) => {
      if (message.kind === "record") onSaved(message.message);
      else if (message.kind === "sealed") resolve(message.imported);
      else if (!isSealing) onSnapshot?.(message.imported);
    });
    worker.on("error", (error) => {
      const { message } = toPlainError(error);
      reject(new UserFacingError(`the trace of the run could not be made (${message})`, { cause: error }));
    });
  });
  // It may die long before anybody asks for the trace.
  sealed.catch(() => undefined);
  return {
    take: (message) => post({ kind: "record", message }),
    async seal(facts) {
      await new Promise((resolve) => void setTimeout(resolve, lastMessagesMs));
      isSealing = true;
      post({ kind: "finish", facts });
      return await sealed;
    },
    async end() {
      await worker.terminate();
    },
  };
}
