import { createRunClock } from "../../../native-bench/spans/clock.ts";
import { createColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import { nullRecorder } from "../../../native-bench/spans/recorder.ts";
import type { ThreadRole } from "../../../native-bench/threads/thread.ts";
import type { WorkerPart } from "../runs/run-messages.ts";
import { openParentLine } from "./parent-line.ts";

/** Runs a role of a workload, with a track of its own. An error ends the thread; its owner hears of it. */
export function runThread(
  { role: id, name, data, origin, cancelFlag, recorder }: WorkerPart & { kind: "thread" },
  roles: readonly ThreadRole[],
): void {
  const role = roles.find((known) => known.id === id);
  if (role === undefined) throw new Error(`there is no thread role "${id}"`);
  const line = openParentLine<unknown, unknown>();
  const spans =
    recorder === null
      ? nullRecorder
      : createColumnRecorder({
          track: recorder.track,
          name,
          sortIndex: 1,
          clock: createRunClock(origin),
          tell: (message) => recorder.records.postMessage(message),
        });
  const ended = role.run({ data, recorder: spans, cancelFlag, post: line.post, onMessage: line.onMessage });
  // Not awaited by anyone: a rejection must end the thread, not vanish.
  void Promise.resolve(ended).catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
}
