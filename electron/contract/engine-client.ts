import { CancelledError } from "../../traces/model/errors.ts";
import type {
  CallOptions,
  Channel,
  CommandName,
  EngineClient,
  EngineCommands,
  EngineEvents,
  EventName,
  FromEngine,
  Progress,
  ToEngine,
} from "./engine-contract.ts";
import { fromPlainError } from "./plain-error.ts";

interface WaitingCall {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Thrown by calls that were open, or are made, after the engine went away. */
export class EngineGoneError extends Error {
  override readonly name = "EngineGoneError";
}

/**
 * Speaks the engine contract over any channel. Owns the channel: `close` closes it and fails the open calls with
 * `EngineGoneError`. A reply with an unknown id (cancelled, closed) is ignored.
 */
export function createEngineClient(channel: Channel<ToEngine, FromEngine>): EngineClient {
  const waiting = new Map<number, WaitingCall>();
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  let nextId = 1;
  let closed = false;

  const stopListening = channel.onMessage((message) => {
    switch (message.kind) {
      case "done":
        take(waiting, message.id)?.resolve(message.reply);
        break;
      case "failed":
        take(waiting, message.id)?.reject(fromPlainError(message.error));
        break;
      case "progress":
        waiting.get(message.id)?.onProgress?.(message.progress);
        break;
      case "event":
        for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never);
        break;
    }
  });

  return {
    call<N extends CommandName>(
      command: N,
      request: EngineCommands[N]["request"],
      options: CallOptions = {},
    ): Promise<EngineCommands[N]["reply"]> {
      if (closed) return Promise.reject(new EngineGoneError("the engine is not running"));
      const { signal, onProgress } = options;
      if (signal?.aborted === true) return Promise.reject(new CancelledError());
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const cancel = (): void => {
          if (take(waiting, id) === undefined) return;
          channel.send({ kind: "cancel", id });
          reject(new CancelledError());
        };
        const settle = (): void => signal?.removeEventListener("abort", cancel);
        waiting.set(id, {
          // The reply of command N is of its type: both ends compile against the same contract.
          resolve: (reply) => (settle(), resolve(reply as EngineCommands[N]["reply"])),
          reject: (error) => (settle(), reject(error)),
          onProgress,
        });
        signal?.addEventListener("abort", cancel, { once: true });
        channel.send({ kind: "call", id, command, request } as ToEngine);
      });
    },
    on<N extends EventName>(event: N, listener: (payload: EngineEvents[N]) => void): () => void {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    close(): void {
      if (closed) return;
      closed = true;
      stopListening();
      channel.close();
      for (const call of waiting.values()) call.reject(new EngineGoneError("the engine has ended"));
      waiting.clear();
    },
  };
}

function take(waiting: Map<number, WaitingCall>, id: number): WaitingCall | undefined {
  const call = waiting.get(id);
  waiting.delete(id);
  return call;
}
