import { MessageChannel, Worker, type TransferListItem } from "node:worker_threads";
import type { ClockOrigin } from "../../../native-bench/spans/clock.ts";
import type { ThreadHost } from "../../../native-bench/threads/thread.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import type { FromWorkload, ToWorkload, WorkerPart } from "../runs/run-messages.ts";
import type { ParentLine } from "./parent-line.ts";

export interface ThreadHostParts {
  readonly line: ParentLine<ToWorkload, FromWorkload>;
  readonly origin: ClockOrigin;
  readonly cancelFlag: Int32Array;
  readonly nextTrack: () => number;
  readonly isRecording: boolean;
}

/** Starts further threads of a workload from this same bundle. */
export function createThreadHost(parts: ThreadHostParts): ThreadHost & { stopAll(): Promise<void> } {
  const running = new Set<Worker>();
  const ownName = createOwnNames();
  return {
    start(role, { name: wanted, data }) {
      const name = ownName(wanted);
      const recorder = parts.isRecording ? openRecordLine(parts) : null;
      const workerData: WorkerPart = {
        kind: "thread",
        role: role.id,
        name,
        data,
        origin: parts.origin,
        cancelFlag: parts.cancelFlag,
        recorder,
      };
      const worker = new Worker(__filename, {
        name,
        workerData,
        transferList: recorder === null ? [] : [recorder.records],
      });
      running.add(worker);
      const died = new Promise<Error>((resolve) => {
        worker.on("error", resolve);
        worker.on("exit", (code) => {
          running.delete(worker);
          resolve(code === 0 ? new CancelledError() : new Error(`the thread "${name}" ended with code ${code}`));
        });
      });
      return {
        post: (message, transfer = []) => worker.postMessage(message, transfer as readonly TransferListItem[]),
        onMessage: (listener) => void worker.on("message", listener),
        died,
        async stop() {
          await worker.terminate();
        },
      };
    },
    async stopAll() {
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}

/** Names that are told apart: the second "worker 2" is "worker 2 (2)". */
export function createOwnNames(): (wanted: string) => string {
  const counts = new Map<string, number>();
  return (wanted) => {
    const count = (counts.get(wanted) ?? 0) + 1;
    counts.set(wanted, count);
    return count === 1 ? wanted : `${wanted} (${count})`;
  };
}

/** One end goes with the thread, the other straight to the engine. */
function openRecordLine({ line, nextTrack }: ThreadHostParts): (WorkerPart & { kind: "thread" })["recorder"] & object {
  const { port1, port2 } = new MessageChannel();
  line.post({ kind: "records", port: port1 }, [port1]);
  return { track: nextTrack(), records: port2 };
}
