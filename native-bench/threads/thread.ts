import type { SpanRecorder } from "../spans/recorder.ts";

/*
 * Threads of a workload (a pool of sessions, a pool of kernels). All threads are started from one bundle; a role is a
 * file that exports a `ThreadRole` and a line in `registry.ts`.
 */

/** What runs in a thread. `In` and `Out` are its messages; both must be cloneable. */
export interface ThreadRole<Data = unknown, In = unknown, Out = unknown> {
  readonly id: string;
  /** Called once. The thread lives until `stop` or until its owner ends. */
  run(context: ThreadContext<Data, In, Out>): void | Promise<void>;
}

export interface ThreadContext<Data = unknown, In = unknown, Out = unknown> {
  readonly data: Data;
  /** A track of its own, on the clock of the run; the null recorder when nothing is recorded. */
  readonly recorder: SpanRecorder;
  /** [0] becomes 1 when the run shall end. */
  readonly cancelFlag: Int32Array;
  post(message: Out, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: In) => void): void;
}

/** A running thread, seen from the workload that started it. */
export interface WorkThread<In = unknown, Out = unknown> {
  post(message: In, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: Out) => void): void;
  /** Resolves with the reason when the thread ends by itself: an error, or memory. Never rejects. */
  readonly died: Promise<Error>;
  stop(): Promise<void>;
}

export interface ThreadHost {
  /** Starts `role` with a copy of `data` (shared memory stays shared). `name` becomes the name of its track, with a number where it is taken. */
  start<Data, In, Out>(
    role: ThreadRole<Data, In, Out>,
    options: { readonly name: string; readonly data: Data },
  ): WorkThread<In, Out>;
}
