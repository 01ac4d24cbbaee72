import { parentPort, type MessagePort, type TransferListItem } from "node:worker_threads";

/** The line to whoever started this thread. */
export interface ParentLine<In, Out> {
  post(message: Out, transfer?: readonly TransferListItem[]): void;
  onMessage(listener: (message: In) => void): void;
}

export function openParentLine<In, Out>(): ParentLine<In, Out> {
  const port: MessagePort | null = parentPort;
  if (port === null) throw new Error("this file runs as a worker thread");
  return {
    post: (message, transfer = []) => port.postMessage(message, transfer),
    onMessage: (listener) => void port.on("message", listener),
  };
}
