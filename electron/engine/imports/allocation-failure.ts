/** Of buffers, the memory of WebAssembly and messages: what V8 throws when the system gives no more. */
export function isAllocationFailure(error: unknown): boolean {
  if (!(error instanceof RangeError || (error instanceof Error && error.name === "DataCloneError"))) return false;
  return /allocation failed|WebAssembly\.Memory|out of memory/iu.test(error.message);
}
