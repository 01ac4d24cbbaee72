import type { SqliteRow } from "../../io/sqlite/sqlite.ts";
import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";

/** A process that has events. */
export interface ProcessRef {
  readonly index: number;
  readonly pid: number;
  readonly track: TrackId;
  readonly threads: Map<number, ThreadRef>;
  /** Extra tracks of the process by name: ranges across threads, synchronization. */
  readonly extras: Map<string, TrackId>;
  /** Correlation ids that could not stand for themselves → link. */
  readonly links: Map<number, number>;
}

export interface ThreadRef {
  readonly index: number;
  readonly process: ProcessRef;
  readonly tid: number;
  /** Null until a span needs it; `Owners.trackOf` makes it. */
  track: TrackId | null;
  /** What the file calls it. */
  name: string | null;
  /** Tracks beside it, with the words that go before its name. */
  readonly extras: Map<string, TrackId>;
}

const tidCount = 2 ** 24;
const pidCount = 2 ** 24;

/**
 * Finds processes and threads by Nsight's global ids: hardware << 56 | virtual machine << 48 | pid << 24 | tid.
 * Bit operators of this language have 32 bits, hence division; ids beyond 2^53 go through bigint.
 */
export class Owners {
  readonly processes: ProcessRef[] = [];
  readonly threads: ThreadRef[] = [];
  readonly #builder: TraceBuilder;
  readonly #byKey = new Map<number, ProcessRef>();
  #lastTid = Number.NaN;
  #lastThread: ThreadRef | null = null;
  #lastPid = Number.NaN;
  #lastProcess: ProcessRef | null = null;
  #nextLink = 2 ** 32 - 1;

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  /** Thread of a globalTid column; a row without one belongs to thread 0 of process 0. */
  threadOf(row: SqliteRow, column: number): ThreadRef {
    const global = row.number(column);
    if (global === this.#lastTid && this.#lastThread !== null) return this.#lastThread;
    const { process: key, tid } = splitGlobalId(row, column);
    const process = this.#process(key);
    let thread = process.threads.get(tid);
    if (thread === undefined) {
      thread = { index: this.threads.length, process, tid, track: null, name: null, extras: new Map() };
      this.threads.push(thread);
      process.threads.set(tid, thread);
    }
    if (Math.abs(global) < 2 ** 53) this.#lastTid = global;
    this.#lastThread = thread;
    return thread;
  }

  trackOf(thread: ThreadRef): TrackId {
    return (thread.track ??= this.#builder.addTrack({
      kind: "thread",
      name: nameOf(thread),
      detail: `tid ${thread.tid}`,
      parent: thread.process.track,
    }));
  }

  /** A track beside that of the thread: "processors of", "samples of". */
  trackBeside(thread: ThreadRef, words: string, kind: "async" | "thread"): TrackId {
    let track = thread.extras.get(words);
    if (track === undefined) {
      track = this.#builder.addTrack({
        kind,
        name: `${words} ${nameOf(thread)}`,
        detail: `tid ${thread.tid}`,
        parent: thread.process.track,
        sortIndex: extraSortIndex + thread.extras.size + 1,
      });
      thread.extras.set(words, track);
    }
    return track;
  }

  /** Names the tracks of a thread as the file does. */
  nameThread(thread: ThreadRef, name: string): void {
    thread.name = name;
    if (thread.track !== null) this.#builder.describeTrack(thread.track, { name: nameOf(thread) });
    for (const [words, track] of thread.extras)
      this.#builder.describeTrack(track, { name: `${words} ${nameOf(thread)}` });
  }

  /** Process of a globalPid column; null for a row without one. */
  processOf(row: SqliteRow, column: number): ProcessRef | null {
    const global = row.number(column);
    if (global === this.#lastPid && this.#lastProcess !== null) return this.#lastProcess;
    if (global === 0 && row.isNull(column)) return null;
    const process = this.#process(splitGlobalId(row, column).process);
    if (Math.abs(global) < 2 ** 53) this.#lastPid = global;
    this.#lastProcess = process;
    return process;
  }

  /** The process itself, when it is the only one with events so far. */
  onlyProcess(): ProcessRef | null {
    return this.processes.length === 1 ? this.processes[0] : null;
  }

  /** Thread or process of an id, only if it has events. */
  findThread(row: SqliteRow, column: number): ThreadRef | null {
    const { process, tid } = splitGlobalId(row, column);
    return this.#byKey.get(process)?.threads.get(tid) ?? null;
  }

  findProcess(row: SqliteRow, column: number): ProcessRef | null {
    return this.#byKey.get(splitGlobalId(row, column).process) ?? null;
  }

  /** A track of the process beside its threads, made when first asked for. */
  extraTrack(process: ProcessRef, name: string): TrackId {
    let track = process.extras.get(name);
    if (track === undefined) {
      track = this.#builder.addTrack({ kind: "async", name, parent: process.track, sortIndex: extraSortIndex });
      process.extras.set(name, track);
    }
    return track;
  }

  /** The number that a call and the work it launched share; correlation ids count anew in every process. */
  linkOf(process: ProcessRef, correlation: number): number {
    if (!(correlation > 0)) return 0;
    if (process.index === 0 && correlation < 2 ** 31) return correlation;
    let link = process.links.get(correlation);
    if (link === undefined) {
      link = this.#nextLink--;
      process.links.set(correlation, link);
    }
    return link;
  }

  #process(key: number): ProcessRef {
    let process = this.#byKey.get(key);
    if (process === undefined) {
      const pid = key % pidCount;
      process = {
        index: this.processes.length,
        pid,
        track: this.#builder.addTrack({ kind: "process", name: `process ${pid}`, detail: `pid ${pid}`, parent: null }),
        threads: new Map(),
        extras: new Map(),
        links: new Map(),
      };
      this.processes.push(process);
      this.#byKey.set(key, process);
    }
    return process;
  }
}

const nameOf = ({ name, tid }: ThreadRef): string => (name === null ? `thread ${tid}` : `${name} ${tid}`);

/** Tracks beside the threads come below them. */
const extraSortIndex = 2 ** 20;

/** `process`: all bits above the tid. */
export function splitGlobalId(row: SqliteRow, column: number): { readonly process: number; readonly tid: number } {
  const global = row.number(column);
  if (global >= 0 && global < 2 ** 53) return { process: Math.floor(global / tidCount), tid: global % tidCount };
  const exact = BigInt.asUintN(64, row.bigint(column));
  return { process: Number(exact >> 24n), tid: Number(exact & 0xffffffn) };
}
