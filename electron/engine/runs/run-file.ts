import { tmpdir, totalmem } from "node:os";
import type { OpenBlockFile } from "../../../native-bench/spans/block-file.ts";
import { mostRowsInMemory } from "../../../native-bench/spans/column-recorder.ts";
import { blockBytes, blockRows } from "../../../native-bench/spans/record-block.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { freeDiskBytes, openNamelessFile } from "../nameless-file.ts";

/** The file that the blocks of a run move to. */
export interface RunFile extends OpenBlockFile {
  close(): void;
}

/** Part of the free disk that a run may take. */
const diskFraction = 0.25;
/** Part of the memory that its trace may take, and bytes of a row there while it is made. */
const memoryFraction = 0.25;
const rowBytes = 48;

/**
 * Opens a file with room for as many rows as a trace of them may have: 60 million (1.3 GB), fewer where disk or memory
 * are short. Null where it would keep no more than the memory of a recorder does, or where there is no folder for it.
 */
export function openRunFile(folder: string = tmpdir()): RunFile | null {
  try {
    const rows = Math.min(defaultLimits.spans, (totalmem() * memoryFraction) / rowBytes);
    const slotCount = Math.floor(Math.min(rows / blockRows, (freeDiskBytes(folder) * diskFraction) / blockBytes));
    if (slotCount * blockRows <= mostRowsInMemory) return null;
    const { descriptor, close } = openNamelessFile(folder, "run");
    return { descriptor, slotCount, close };
  } catch (error) {
    // The folder is missing, full or read-only.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
