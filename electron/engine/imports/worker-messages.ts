import type { Progress } from "../../contract/engine-contract.ts";
import type { PlainError } from "../../contract/plain-error.ts";
import type { ImportJob } from "./import-job.ts";
import type { PackedImport } from "./packed-import.ts";

/** Told when the worker starts. */
export interface ImportWorkerData {
  /** It gives way to the window, and gets ready while it waits. */
  readonly forWindow: boolean;
}

/** `control[0]` becomes 1 when the import shall end. */
export interface ToImportWorker {
  readonly kind: "import";
  readonly job: ImportJob;
  readonly wantsSnapshots: boolean;
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Columns are shared, everything else of a trace is copied. The message is the memory barrier. */
export type FromImportWorker =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "snapshot"; readonly packed: PackedImport }
  | { readonly kind: "sealed"; readonly packed: PackedImport }
  | { readonly kind: "failed"; readonly error: PlainError };
