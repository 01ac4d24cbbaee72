import { parentPort } from "node:worker_threads";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";
import { toPlainError } from "../../contract/plain-error.ts";
import { toFileError } from "../files.ts";
import type { FromReadWorker, ToReadWorker } from "../imports/read-thread.ts";
import { openByteSource } from "../node-host.ts";

/*
 * The entry of the thread that reads a compressed file for an import: fills what it is given, in the order of the messages.
 */

allowMoving();
const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");

const skippedAtOnce = 2 ** 20;

let opened: Promise<ByteSource> | null = null;
let tail: Promise<void> = Promise.resolve();

port.on("message", (message: ToReadWorker) => {
  if (message.kind === "open") {
    opened = openAt(message);
    // Whoever fills first hears of a failure.
    opened.catch(() => undefined);
  } else
    tail = tail
      .then(() => fill(message.target))
      .catch((error: unknown): FromReadWorker => ({ kind: "failed", error: toPlainError(toFileError(error)) }))
      .then((answer) => port.postMessage(answer));
});

async function openAt({ path, limits, skipBytes }: ToReadWorker & { readonly kind: "open" }): Promise<ByteSource> {
  const source = await openByteSource(path, { limits, inflatesHere: true });
  const skipped = new Uint8Array(Math.min(skipBytes, skippedAtOnce));
  for (let left = skipBytes; left > 0;) {
    const count = await source.fill(skipped.subarray(0, Math.min(left, skippedAtOnce)));
    if (count === 0) break;
    left -= count;
  }
  return source;
}

/** Fills the whole target; less only at the end. */
async function fill(target: Uint8Array): Promise<FromReadWorker> {
  if (opened === null) throw new Error("expected the path of a file first");
  const source = await opened;
  let count = 0;
  for (let added = 1; added > 0 && count < target.length; count += added) {
    added = await source.fill(target.subarray(count));
  }
  return { kind: "filled", count, storedRead: source.storedRead, warnings: source.warnings };
}
