import { useBlockFile } from "../../../native-bench/spans/block-file.ts";
import { createBlockSaver, type BlockSaver } from "../../../native-bench/spans/block-saver.ts";
import type { RecordMessage } from "../../../native-bench/spans/record-message.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import type { FromCollector, ToCollector, WorkerPart } from "../runs/run-messages.ts";
import { sealRecordings } from "../runs/run-trace.ts";
import { openParentLine } from "./parent-line.ts";

const lookIntervalMs = 250;
/** Making snapshots takes at most about this part of one core from the run. */
const shareOfTime = 0.1;

/**
 * Makes traces of what the other threads of a run record, snapshots while it runs and the sealed one at the end, and
 * saves what is written no more.
 */
export function runCollector({ origin, name, isWatched, file: openFile }: WorkerPart & { kind: "collector" }): void {
  const line = openParentLine<ToCollector, FromCollector>();
  const file = openFile === null ? null : useBlockFile(openFile);
  const recordings = createRecordings(origin, file);
  const saver: BlockSaver | null =
    file === null
      ? null
      : createBlockSaver(file, (message) => {
          recordings.take(message);
          line.post({ kind: "record", message });
        });
  const take = (message: RecordMessage): void => {
    recordings.take(message);
    if (message.kind !== "retired") return;
    const held = recordings.findBlock(message.track, message.number);
    if (held !== null) saver?.save(message.track, message.number, held.block, held.round);
  };
  const allocate = (byteLength: number): SharedArrayBuffer => new SharedArrayBuffer(byteLength);
  let shownRows = 0;
  let nextMs = 0;
  const look = (): void => {
    const startMs = performance.now();
    const { rowCount } = recordings;
    if (startMs < nextMs || rowCount === shownRows) return;
    shownRows = rowCount;
    line.post({ kind: "snapshot", imported: sealRecordings(recordings, name, { allocate, partial: true, facts: [] }) });
    const endMs = performance.now();
    nextMs = endMs + (endMs - startMs) / shareOfTime;
  };
  const timer = isWatched ? setInterval(look, lookIntervalMs) : null;
  line.onMessage((message) => {
    if (message.kind === "record") return take(message.message);
    if (timer !== null) clearInterval(timer);
    line.post({
      kind: "sealed",
      imported: sealRecordings(recordings, name, { allocate, partial: false, facts: message.facts }),
    });
  });
}
