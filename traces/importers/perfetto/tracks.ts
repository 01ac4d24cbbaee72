import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder, TrackSpec } from "../../model/trace-builder.ts";
import type { TrackKind } from "../../model/trace.ts";
import { BeginEndEvents } from "../chrome/begin-end.ts";
import { CounterType } from "./schema.ts";
import type { Closings } from "./closings.ts";
import type { CounterFields, ProcessFields, ThreadFields, TrackFields } from "./descriptors.ts";
import { StateEvents } from "./states.ts";

type Id = number | bigint;

/** Devices stand below processes. */
export const deviceSortIndex: number = 2 ** 24;
/** Counters stand below the other tracks of their parent. */
const counterSortIndex = 2 ** 20;

/** Tracks that descriptors do not name are kept under texts. */
type TrackKey = Id | string;

/** A track of the file with what its descriptors say. */
export interface TrackState {
  key: TrackKey;
  name: string | null;
  /** An event was met: later descriptors do not rename it. */
  isNamed: boolean;
  description: string | null;
  parent: TrackState | null;
  rank: number | null;
  process: ProcessFields | null;
  thread: { readonly pid: number; readonly tid: number; name: string | null } | null;
  counter: CounterFields | null;
  hostSpans: number;
  deviceSpans: number;
  track: TrackId | null;
  beginEnd: BeginEndEvents | null;
  /** What its thread wrote into the kernel's trace. */
  annotations: BeginEndEvents | null;
  /** When the spans of `beginEnd` end; only kept where annotations ask for it. */
  closings: Closings | null;
  states: StateEvents | null;
}

/** The tracks of a trace: those with descriptors by uuid, others by process and thread. */
export class Tracks {
  readonly all: Set<TrackState> = new Set();
  readonly #builder: TraceBuilder;
  readonly #byKey = new Map<TrackKey, TrackState>();
  /** The latest descriptor of each process and thread. */
  readonly #processes = new Map<number, TrackState>();
  readonly #threads = new Map<string, TrackState>();
  readonly #processNames = new Map<number, string>();
  readonly #threadNames = new Map<string, string>();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  /** Track of a uuid; one without a descriptor so far gets its description later, or stays "Default Track" (0). */
  byUuid(uuid: Id): TrackState {
    return this.#state(uuid);
  }

  process(pid: number): TrackState {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const state = this.#state(`process ${pid}`);
    state.process = { pid, name: null };
    this.#processes.set(pid, state);
    return state;
  }

  thread(pid: number, tid: number): TrackState {
    const known = this.#threads.get(`${pid} ${tid}`);
    if (known !== undefined) return known;
    const state = this.#state(`thread ${pid} ${tid}`);
    state.thread = { pid, tid, name: null };
    setParent(state, this.process(pid));
    this.#threads.set(`${pid} ${tid}`, state);
    return state;
  }

  /** A track that a part of the importer names itself. */
  named(key: string, make: () => Pick<TrackState, "name" | "parent">): TrackState {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    return Object.assign(this.#state(key), make());
  }

  describe(fields: TrackFields): void {
    this.#adopt(fields);
    const state = this.#state(fields.uuid);
    // A descriptor that is sent again, even without a name, does not take back what an earlier one said.
    if (fields.name !== null && !state.isNamed) state.name = fields.name;
    state.description = fields.description ?? state.description;
    state.rank = fields.rank ?? state.rank;
    state.counter = fields.counter ?? state.counter;
    if (fields.process !== null) this.#describeProcess(state, fields.process);
    if (fields.thread !== null) this.#describeThread(state, fields.thread, fields.parentUuid !== null);
    if (fields.parentUuid === null || fields.parentUuid === fields.uuid) return;
    setParent(state, this.#state(fields.parentUuid));
  }

  /** A process or thread that was only known by its id so far gets the uuid of its first descriptor. */
  #adopt({ uuid, process, thread }: TrackFields): void {
    if (this.#byKey.has(uuid)) return;
    const known =
      process !== null
        ? this.#processes.get(process.pid)
        : thread !== null
          ? this.#threads.get(`${thread.pid} ${thread.tid}`)
          : undefined;
    if (known !== undefined && typeof known.key === "string") {
      known.key = uuid;
      this.#byKey.set(uuid, known);
    }
  }

  #describeProcess(state: TrackState, { pid, name }: ProcessFields): void {
    state.process = { pid, name: name ?? state.process?.name ?? null };
    this.#processes.set(pid, state);
  }

  #describeThread(state: TrackState, { pid, tid, name }: ThreadFields, hasParent: boolean): void {
    state.thread = { pid, tid, name: name ?? state.thread?.name ?? null };
    this.#threads.set(`${pid} ${tid}`, state);
    if (!hasParent && state.parent === null) setParent(state, this.process(pid));
  }

  nameProcess(pid: number, name: string | null): void {
    if (name !== null) this.#processNames.set(pid, name);
  }

  nameThread(pid: number, tid: number, name: string | null): void {
    if (name !== null) this.#threadNames.set(`${pid} ${tid}`, name);
  }

  /** The first event of a track without a name gives it one. */
  nameByEvent(state: TrackState, name: string): void {
    if (state.isNamed) return;
    state.isNamed = true;
    if (state.name === null && state.process === null && state.thread === null && state.counter === null)
      state.name = state.key === 0 ? "Default Track" : name;
  }

  /** Track of the trace, made now if this is its first content; its description follows at the end. */
  trackOf(state: TrackState): TrackId {
    return (state.track ??= this.#builder.addTrack({ kind: "thread", name: String(state.key) }));
  }

  /** Describes all tracks with content, and what holds them. */
  describeAll(): void {
    for (const state of this.all) if (state.track !== null) this.#describeWithParents(state);
  }

  #describeWithParents(state: TrackState): void {
    for (let each: TrackState | null = state; each !== null; each = each.parent) {
      const parent: TrackId | null = each.parent === null ? null : this.trackOf(each.parent);
      this.#builder.describeTrack(this.trackOf(each), { ...this.#specOf(each), parent });
    }
  }

  #specOf(state: TrackState): Omit<TrackSpec, "parent"> {
    const { process, thread, counter } = state;
    if (process !== null) {
      const name = process.name ?? this.#processNames.get(process.pid) ?? state.name;
      return specOf(state, "process", idName("process", process.pid, name), `pid ${process.pid}`);
    }
    const kind = state.deviceSpans > 0 && state.hostSpans === 0 ? "stream" : "thread";
    if (thread !== null) {
      const name = thread.name ?? this.#threadNames.get(`${thread.pid} ${thread.tid}`) ?? state.name;
      return specOf(state, kind, idName("thread", thread.tid, name), `tid ${thread.tid}`);
    }
    if (counter !== null) return specOf(state, "counter", state.name ?? counterName(counter), counter.unit ?? "");
    const id = typeof state.key === "string" ? "" : `track ${state.key}`;
    return specOf(state, kind, state.name ?? (state.key === 0 ? "Default Track" : id), id);
  }

  #state(key: TrackKey): TrackState {
    let state = this.#byKey.get(key);
    if (state === undefined) {
      state = {
        key,
        name: null,
        isNamed: false,
        description: null,
        parent: null,
        rank: null,
        process: null,
        thread: null,
        counter: null,
        hostSpans: 0,
        deviceSpans: 0,
        track: null,
        beginEnd: null,
        annotations: null,
        closings: null,
        states: null,
      };
      this.#byKey.set(key, state);
      this.all.add(state);
    }
    return state;
  }
}

/** Begin and end events of a track, in file order. */
export function beginEndOf(state: TrackState): BeginEndEvents {
  return (state.beginEnd ??= new BeginEndEvents());
}

/** Begins and ends of a thread's annotations, in file order. */
export function annotationsOf(state: TrackState): BeginEndEvents {
  return (state.annotations ??= new BeginEndEvents());
}

export function statesOf(state: TrackState): StateEvents {
  return (state.states ??= new StateEvents());
}

/** Parents that go in circles are left out; a damaged descriptor may even name a track as thread of itself. */
function setParent(state: TrackState, parent: TrackState): void {
  if (!isBelow(parent, state)) state.parent = parent;
}

/** `state` is `ancestor` or stands below it. */
function isBelow(state: TrackState, ancestor: TrackState): boolean {
  for (let each: TrackState | null = state; each !== null; each = each.parent) if (each === ancestor) return true;
  return false;
}

function specOf(state: TrackState, kind: TrackKind, name: string, id: string): Omit<TrackSpec, "parent"> {
  const { description, rank } = state;
  return {
    kind,
    name,
    detail: [id, description].filter((part) => part !== null && part !== "").join(" · "),
    sortIndex: (rank ?? 0) + (kind === "counter" ? counterSortIndex : 0),
  };
}

function counterName({ type }: CounterFields): string {
  if (type === CounterType.threadTimeNs) return "thread_time";
  return type === CounterType.instructionCount ? "thread_instruction_count" : "counter";
}

/** The id behind the name, unless the name says it already. */
function idName(what: string, id: number, name: string | null): string {
  if (name === null) return `${what} ${id}`;
  return name.split(/[^\w-]+/).includes(String(id)) ? name : `${name} ${id}`;
}
