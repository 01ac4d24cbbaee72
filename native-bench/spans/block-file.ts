import { readSync, writeSync } from "node:fs";
import { blockBytes, type RecordBlock } from "./record-block.ts";

/** Blocks on disk, in slots of one size. */
export interface BlockFile {
  readonly slotCount: number;
  /** False when the disk did not take it. */
  write(slot: number, block: RecordBlock): boolean;
  /** False when it cannot be read. */
  read(slot: number, into: RecordBlock): boolean;
}

/** Plain data: descriptors are those of the process, so that threads can share them. */
export interface OpenBlockFile {
  readonly descriptor: number;
  readonly slotCount: number;
}

export function useBlockFile({ descriptor, slotCount }: OpenBlockFile): BlockFile {
  const bytesOf = ({ buffer }: RecordBlock): Uint8Array => new Uint8Array(buffer);
  return {
    slotCount,
    write: (slot, block) => isWhole(() => writeSync(descriptor, bytesOf(block), 0, blockBytes, slot * blockBytes)),
    read: (slot, into) => isWhole(() => readSync(descriptor, bytesOf(into), 0, blockBytes, slot * blockBytes)),
  };
}

/** Whether all bytes of a block went through. What a full disk does not take stays in memory, so it is no error. */
function isWhole(transfer: () => number): boolean {
  try {
    return transfer() === blockBytes;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}
