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
