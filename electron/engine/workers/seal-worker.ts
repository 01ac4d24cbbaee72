import { parentPort } from "node:worker_threads";
import { fillDetail } from "../../../traces/model/level-of-detail.ts";
import { type PlacedColumns, placeColumns } from "../../../traces/model/place-columns.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";
import type { FromSealWorker, ToSealWorker } from "../imports/seal-thread.ts";

/*
 * The entry of the thread that helps an import to seal: places the columns, then fills rows of the level of detail. An
 * error ends it, and with it the import.
 */

allowMoving();
const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");
const send = (message: FromSealWorker): void => port.postMessage(message);

port.on("messageerror", (error) => {
  throw error;
});

let columns: PlacedColumns | null = null;

port.on("message", (message: ToSealWorker) => {
  if (message.kind === "columns") {
    columns = placeColumns(message.input, (byteLength) => new SharedArrayBuffer(byteLength));
    send({ kind: "columns", columns });
    return;
  }
  if (columns === null) throw new Error("expected columns before level of detail");
  fillDetail(message.work, columns.slot);
  send({ kind: "detail" });
});
