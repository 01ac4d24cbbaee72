import type { DetailWork } from "../../../traces/model/level-of-detail.ts";
import type { ColumnsInput, PlacedColumns } from "../../../traces/model/place-columns.ts";
import type { SealHelper } from "../../../traces/model/seal-helper.ts";
import { isAllocationFailure } from "./allocation-failure.ts";
import { describeDeath } from "./describe-death.ts";
import { tryWorker } from "./try-worker.ts";

/** Spans from which a second thread is worth its start and its memory. */
export const sealThreadFromSpans: number = 2 ** 20;

export interface SealThread extends SealHelper {
  /** It ended; while nothing was asked of it, that is no loss. */
  readonly isGone: boolean;
  /** Ends the thread at once, whatever it does. */
  close(): void;
}

export type ToSealWorker =
  | { readonly kind: "columns"; readonly input: ColumnsInput }
  | { readonly kind: "detail"; readonly work: DetailWork };

/** One answer a message, in their order. */
export type FromSealWorker =
  | { readonly kind: "columns"; readonly columns: PlacedColumns }
  | { readonly kind: "detail" };

interface Waiting {
  readonly resolve: (answer: FromSealWorker) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts the thread that helps one import to seal; null where the system gives no further one. `workerPath`: path of its
 * bundle.
 */
export function startSealThread(workerPath: string): SealThread | null {
  const worker = tryWorker(workerPath, "seal");
  if (worker === null) return null;
  const waiting: Waiting[] = [];
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    // Of a buffer that the system did not give: the import tells of that itself.
    failure ??= isAllocationFailure(error) ? error : describeDeath(error);
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on("message", (answer: FromSealWorker) => waiting.shift()?.resolve(answer));
  worker.on("error", fail);
  worker.on("messageerror", fail);
  worker.on("exit", (code) => fail(new Error(`exit code ${code}`)));

  const ask = (question: ToSealWorker, moved: readonly ArrayBuffer[]): Promise<FromSealWorker> =>
    new Promise((resolve, reject) => {
      if (failure !== null) return reject(failure);
      waiting.push({ resolve, reject });
      worker.postMessage(question, moved);
    });

  return {
    get isGone() {
      return failure !== null;
    },
    async placeColumns(input) {
      const answer = await ask({ kind: "columns", input }, movedBuffers(input));
      if (answer.kind !== "columns") throw new Error("expected columns from the seal worker");
      return answer.columns;
    },
    async fillDetail(work) {
      await ask({ kind: "detail", work }, []);
    },
    close() {
      void worker.terminate();
    },
  };
}

/** All that is not shared and that nobody here reads again. */
function movedBuffers({ blocks }: ColumnsInput): ArrayBuffer[] {
  const parts = blocks.flatMap((block) => Object.values(block));
  return parts.flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : []));
}
