/** What newer runtimes give a buffer made with `maxByteLength`; the types of ES2023 do not know it. */
interface ResizableBuffer extends ArrayBuffer {
  resize?(byteLength: number): void;
}

/**
 * Memory for columns that are needed until a trace is sealed. It can be given back at once, while a buffer without a
 * reader stays until the collector comes by, which at this moment would double the memory of an import.
 */
export function allocateStaging(byteLength: number): ArrayBuffer {
  const options = { maxByteLength: byteLength };
  return Reflect.construct(ArrayBuffer, [byteLength, options]) as ArrayBuffer;
}

/** Gives the memory of `column` back; its length is 0 from now on. */
export function releaseStaging(column: { readonly buffer: ArrayBufferLike }): void {
  (column.buffer as ResizableBuffer).resize?.(0);
}

/** What browsers and Node.js both have, and the types of ES2023 do not know. */
interface Port {
  postMessage(message: null, moved: readonly ArrayBufferLike[]): void;
  close(): void;
}
interface Ports {
  readonly MessageChannel?: new () => { readonly port1: Port; readonly port2: Port };
}

/**
 * Where memory goes that nobody needs any more: ports are closed, and drop at once what is moved to them, from the next
 * turn of the event loop on. Null: the collector comes in its time.
 */
let sink: Port | null = null;

/**
 * For threads that read files and nothing else: from now on `releaseMoved` gives memory back. Where questions about traces
 * are answered it must not: once a buffer was moved away, V8 asks at each reading of any array whether it still is there,
 * and they take a fifth longer.
 */
export function allowMoving(): void {
  sink ??= openSink();
}

function openSink(): Port | null {
  const { MessageChannel } = globalThis as Ports;
  if (MessageChannel === undefined) return null;
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

const smallestMoved = 2 ** 20;

/**
 * Gives the memory of plain columns of a MiB or more back at once, if that is allowed; their lengths are 0 then. For what is read many
 * times: loops over resizable buffers take half as long again. Smaller ones would stay with the process, in its heap.
 */
export function releaseMoved(columns: readonly { readonly buffer: ArrayBufferLike }[]): void {
  const moved = columns.map(({ buffer }) => buffer).filter(({ byteLength }) => byteLength >= smallestMoved);
  if (moved.length > 0) sink?.postMessage(null, moved);
}
