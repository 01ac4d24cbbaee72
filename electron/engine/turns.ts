import { CancelledError } from "../../traces/model/errors.ts";
import type { Sliced } from "../../traces/model/sliced.ts";

/** Who may use the engine thread next. One for all clients of an engine. */
export interface Turns {
  /**
   * Runs `answer` before the next slice of any long query. A waiting one of the same key is replaced: its `replaced`
   * is called instead.
   */
  addUrgent(key: string, job: UrgentJob): void;
  /** Forgets a waiting urgent job; false when it ran already. */
  dropUrgent(key: string, job: UrgentJob): boolean;
  /** Runs a long query slice by slice; messages and urgent jobs pass between slices. Throws `CancelledError` on abort. */
  runSlices<T>(work: Sliced<T>, signal: AbortSignal): Promise<T>;
}

export interface UrgentJob {
  readonly answer: () => void;
  readonly replaced: () => void;
}

export function createTurns(): Turns {
  const urgent = new Map<string, UrgentJob>();
  let drainScheduled = false;

  const drain = (): void => {
    drainScheduled = false;
    for (const [key, job] of urgent) {
      urgent.delete(key);
      job.answer();
    }
  };

  return {
    addUrgent(key, job) {
      urgent.get(key)?.replaced();
      urgent.set(key, job);
      // Not at once: of several requests that lie in the queue of the port, only the newest is worth an answer.
      if (!drainScheduled) setImmediate(drain);
      drainScheduled = true;
    },
    dropUrgent(key, job) {
      return urgent.get(key) === job && urgent.delete(key);
    },
    async runSlices(work, signal) {
      for (;;) {
        await new Promise((resolve) => void setImmediate(resolve));
        drain();
        if (signal.aborted) {
          work.return(undefined as never);
          throw new CancelledError();
        }
        const step = work.next();
        if (step.done === true) return step.value;
      }
    },
  };
}
