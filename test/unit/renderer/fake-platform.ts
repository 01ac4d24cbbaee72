import type {
  CallOptions,
  CommandName,
  EngineClient,
  EngineCommands,
  EngineEvents,
  EventName,
  TraceSummary,
} from "../../../electron/contract/engine-contract.ts";
import type {
  FileGrant,
  ShellCommandName,
  ShellCommands,
  ShellEventName,
  ShellEvents,
  WindowBridge,
} from "../../../electron/contract/window-contract.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { createEngineSlot, type Platform } from "../../../renderer/app/platform.ts";

export interface WaitingCall {
  readonly command: CommandName;
  readonly request: unknown;
  readonly options: CallOptions;
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

/** An engine whose answers the test gives by hand. */
export interface HandEngine extends EngineClient {
  readonly calls: readonly WaitingCall[];
  /** The newest call of this command; throws when there is none. */
  last(command: CommandName): WaitingCall;
  emit<N extends EventName>(event: N, payload: EngineEvents[N]): void;
}

export function createHandEngine(): HandEngine {
  const calls: WaitingCall[] = [];
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  return {
    calls,
    last(command) {
      const call = calls.findLast((candidate) => candidate.command === command);
      if (call === undefined) throw new Error(`nobody called ${command}`);
      return call;
    },
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    call<N extends CommandName>(command: N, request: EngineCommands[N]["request"], options: CallOptions = {}) {
      return new Promise<EngineCommands[N]["reply"]>((resolve, reject) => {
        calls.push({ command, request, options, resolve: resolve, reject });
        options.signal?.addEventListener("abort", () => reject(new CancelledError()));
      });
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    close: () => undefined,
  };
}

export interface HandPlatform extends Platform {
  readonly invoked: readonly (readonly [command: ShellCommandName, request: unknown])[];
  /** What the next calls of a command answer; without one, null. */
  answer<N extends ShellCommandName>(command: N, reply: ShellCommands[N]["reply"] | Error): void;
  emit<N extends ShellEventName>(event: N, payload: ShellEvents[N]): void;
  readonly putEngine: (engine: EngineClient) => void;
}

export function createHandPlatform(): HandPlatform {
  const slot = createEngineSlot();
  const invoked: (readonly [ShellCommandName, unknown])[] = [];
  const answers = new Map<ShellCommandName, unknown>();
  const listeners = new Map<ShellEventName, Set<(payload: never) => void>>();
  const shell: WindowBridge = {
    async invoke<N extends ShellCommandName>(command: N, request: ShellCommands[N]["request"]) {
      invoked.push([command, request]);
      const answer = answers.get(command) ?? (command === "file.recent" ? [] : null);
      if (answer instanceof Error) throw answer;
      return answer as ShellCommands[N]["reply"];
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    grantDropped: async (files) =>
      files.map((file): FileGrant => ({ token: file.name, name: file.name, bytes: file.size })),
  };
  return {
    shell,
    invoked,
    onEngine: slot.onEngine,
    putEngine: slot.put,
    answer: (command, reply) => void answers.set(command, reply),
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
  };
}

export const grantOf = (name: string): FileGrant => ({ token: `token ${name}`, name, bytes: 1000 });

/** A summary of a trace of 1 ms with two threads of one process; parts replaced as wanted. */
export function summaryOf(trace: string, parts: Partial<TraceSummary> = {}): TraceSummary {
  const track = {
    detail: "",
    sortIndex: 0,
    spanCount: 2,
    firstRow: 0,
    rowCount: 1,
    laneRows: [],
    instantCount: 0,
    sampleCount: 0,
    sampleRange: null,
    busyNs: 10,
  } as const;
  return {
    trace,
    fileName: "a.json",
    fileBytes: 1000,
    format: "chrome-json",
    formatLabel: "Chrome trace",
    producer: null,
    originUnixNs: null,
    originClockNs: "0",
    durationNs: 1_000_000,
    spanCount: 4,
    instantCount: 0,
    sampleCount: 0,
    flowCount: 0,
    launchCount: 0,
    rowCount: 2,
    kinds: [
      { kind: "op", count: 3, totalNs: 500 },
      { kind: "kernel", count: 1, totalNs: 400 },
    ],
    tracks: [
      { ...track, id: 0, kind: "process", name: "python 12", parent: null },
      { ...track, id: 1, kind: "thread", name: "main 7", parent: 0, sortIndex: 1 },
      { ...track, id: 2, kind: "thread", name: "loader", parent: 0, sortIndex: 2, firstRow: 1 },
    ],
    steps: [],
    stepCount: 0,
    facts: [],
    ledger: {
      outcome: "ok",
      eventsRead: 4,
      spans: 4,
      derivedSpans: 0,
      instants: 0,
      counterEvents: 0,
      counterSamples: 0,
      flowEnds: 0,
      metadata: 0,
      foldedIn: 0,
      dropped: [],
      notes: [],
    },
    partial: false,
    importMs: 5,
    completeFromNs: 0,
    timeGroups: [],
    residentBytes: 4000,
    ...parts,
  };
}

/** Lets promises that are already settled run their reactions. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
