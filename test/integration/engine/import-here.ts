import type { ImportedTrace } from "../../../electron/engine/imports/import-job.ts";
import { type ImportThread, performImport } from "../../../electron/engine/imports/perform-import.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";

/** Imports a source on the thread of the test, with what further threads of an import it is given. */
export async function importHere(
  source: ByteSource,
  path: string,
  given: Partial<Pick<ImportThread, "throwIfCancelled" | "sealThread" | "segmentThreads">> = {},
): Promise<ImportedTrace> {
  return await performImport(
    source,
    { path, fileName: "file", importer: null, allowLargeInflate: false },
    { onProgress: () => undefined, onSnapshot: null },
    {
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
      throwIfCancelled: () => undefined,
      nowMs: () => performance.now(),
      ...given,
    },
  );
}

/** The same for a file. */
export async function importPath(path: string, given?: Parameters<typeof importHere>[2]): Promise<ImportedTrace> {
  return await importHere(await openByteSource(path), path, given);
}
