import type { Channel, FromEngine, ToEngine } from "../../contract/engine-contract.ts";

/** Both ends of a channel inside one thread. Messages arrive in order, after the sender's turn; nothing is copied. */
export function createInProcessChannel(): {
  readonly client: Channel<ToEngine, FromEngine>;
  readonly engine: Channel<FromEngine, ToEngine>;
} {
  const toEngine = createQueue<ToEngine>();
  const fromEngine = createQueue<FromEngine>();
  const close = (): void => {
    toEngine.close();
    fromEngine.close();
  };
  return {
    client: { send: toEngine.send, onMessage: fromEngine.onMessage, close },
    engine: { send: fromEngine.send, onMessage: toEngine.onMessage, close },
  };
}

function createQueue<Message>(): {
  send(message: Message): void;
  onMessage(listener: (message: Message) => void): () => void;
  close(): void;
} {
  const listeners = new Set<(message: Message) => void>();
  let closed = false;
  return {
    send(message) {
      queueMicrotask(() => {
        if (!closed) for (const listener of listeners) listener(message);
      });
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
    },
  };
}
