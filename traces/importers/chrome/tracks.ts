import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, IdentitySlot, textIdentityBase } from "../json-scan/event-fields.ts";
import type { BeginEndEvents } from "./begin-end.ts";
import { ChainNumbers } from "./chain-numbers.ts";
import { CategorySide, type XlaLine } from "./kinds.ts";

/** A process of the file, with what its metadata events say. */
export interface ProcessState {
  /** In the order of first events. */
  readonly number: number;
  readonly pid: number;
  /** Null until an event needs a track: metadata alone makes none. */
  track: TrackId | null;
  name: string | null;
  labels: string | null;
  sortIndex: number | null;
  /** XLA traces name device planes "/device:…". */
  isXlaDevice: boolean;
  /** In the order of their first events. */
  readonly threads: ThreadState[];
}

/** A thread of a process, or a stream of a device, with what its events show. */
export interface ThreadState {
  readonly process: ProcessState;
  readonly tid: number;
  track: TrackId | null;
  name: string | null;
  sortIndex: number | null;
  /** Set for lines of XLA device planes, see `Tracks.setLine`. */
  line: XlaLine | null;
  /** Its number in rows (`EventRows.thread`), null while it had none. */
  rowNumber: number | null;
  hostSpans: number;
  deviceSpans: number;
  frameSpans: number;
  spans: number;
  beginEnd: BeginEndEvents | null;
}

/** Counts spans of a thread by the side of their category. */
export function countSide(thread: ThreadState, side: CategorySide, count = 1): void {
  thread.spans += count;
  if (side === CategorySide.host) thread.hostSpans += count;
  else if (side === CategorySide.device) thread.deviceSpans += count;
  else if (side === CategorySide.frame) thread.frameSpans += count;
}

/** Finds the process and thread of an event; identities are those of `EventFields`. */
export class Tracks {
  readonly processes: Map<number, ProcessState> = new Map();
  /** Of all processes, by the number of (process, tid): a map a process would be most of what a thread takes. */
  readonly #threads: ThreadState[] = [];
  readonly #threadNumbers = new ChainNumbers();
  readonly #builder: TraceBuilder;
  readonly #textOf: (number: number) => string;
  #newLines: ThreadState[] = [];
  #lastProcess: ProcessState | null = null;
  #lastThread: ThreadState | null = null;

  /** `textOf`: the text behind a text identity. */
  constructor(builder: TraceBuilder, textOf: (number: number) => string) {
    this.#builder = builder;
    this.#textOf = textOf;
  }

  processOf(fields: EventFields): ProcessState {
    return this.process(
      fields.identityStates[IdentitySlot.pid] === FieldState.absent ? 0 : fields.identities[IdentitySlot.pid],
    );
  }

  /** Without a tid the pid stands for it; without a pid, 0. */
  threadOf(fields: EventFields): ThreadState {
    const states = fields.identityStates;
    const pid = states[IdentitySlot.pid] === FieldState.absent ? 0 : fields.identities[IdentitySlot.pid];
    const tid = states[IdentitySlot.tid] === FieldState.absent ? pid : fields.identities[IdentitySlot.tid];
    const last = this.#lastThread;
    if (last !== null && last.tid === tid && last.process.pid === pid) return last;
    return (this.#lastThread = this.thread(pid, tid));
  }

  process(pid: number): ProcessState {
    const last = this.#lastProcess;
    if (last !== null && last.pid === pid) return last;
    let process = this.processes.get(pid);
    if (process === undefined) {
      process = {
        number: this.processes.size,
        pid,
        track: null,
        name: null,
        labels: null,
        sortIndex: null,
        isXlaDevice: false,
        threads: [],
      };
      this.processes.set(pid, process);
    }
    return (this.#lastProcess = process);
  }

  thread(pid: number, tid: number): ThreadState {
    const process = this.process(pid);
    const number = this.#threadNumbers.of(process.number, tid);
    if (number === this.#threads.length) {
      const thread: ThreadState = {
        process,
        tid,
        track: null,
        name: null,
        sortIndex: null,
        line: null,
        rowNumber: null,
        hostSpans: 0,
        deviceSpans: 0,
        frameSpans: 0,
        spans: 0,
        beginEnd: null,
      };
      process.threads.push(thread);
      this.#threads.push(thread);
    }
    return this.#threads[number];
  }

  setLine(thread: ThreadState, line: XlaLine): void {
    if (thread.line === null) this.#newLines.push(thread);
    thread.line = line;
  }

  /** Threads that became lines since the last call. */
  takeNewLines(): readonly ThreadState[] {
    const lines = this.#newLines;
    if (lines.length > 0) this.#newLines = [];
    return lines;
  }

  /** Track of a thread, made now if this is its first event. */
  trackOf(thread: ThreadState): TrackId {
    return thread.track ?? this.#addThread(thread);
  }

  processTrack(process: ProcessState): TrackId {
    if (process.track === null) {
      const pid = this.textOf(process.pid);
      process.track = this.#builder.addTrack({
        kind: "process",
        name: `process ${pid}`,
        detail: `pid ${pid}`,
        parent: null,
      });
    }
    return process.track;
  }

  /** An identity as the file writes it. */
  textOf(identity: number): string {
    return identity <= textIdentityBase ? this.#textOf(textIdentityBase - identity) : String(identity);
  }

  #addThread(thread: ThreadState): TrackId {
    const parent = this.processTrack(thread.process);
    const tid = this.textOf(thread.tid);
    return (thread.track = this.#builder.addTrack({
      kind: "thread",
      name: `thread ${tid}`,
      detail: `tid ${tid}`,
      parent,
    }));
  }
}
