import type { BlockFile } from "./block-file.ts";
import { markSaved, type RecordBlock } from "./record-block.ts";
import type { SaverMessage } from "./record-message.ts";

/** Brings retired blocks to a file, so that their recorders can take the memory for new rows. */
export interface BlockSaver {
  save(track: number, number: number, block: RecordBlock, round: number): void;
}

/**
 * When the file is full, the oldest block of any track makes room. When the disk takes no more, nothing further is
 * saved: the recorders go on with what memory they may have, and count what they overwrite.
 */
export function createBlockSaver(file: BlockFile, tell: (message: SaverMessage) => void): BlockSaver {
  const kept: { readonly track: number; readonly number: number; readonly slot: number }[] = [];
  const free: number[] = [];
  let usedSlots = 0;
  let hasFailed = false;
  const findSlot = (): number => {
    const known = free.pop();
    if (known !== undefined) return known;
    if (usedSlots < file.slotCount) return usedSlots++;
    const [{ track, number, slot }] = kept.splice(0, 1);
    tell({ kind: "forgotten", track, number });
    return slot;
  };
  return {
    save(track, number, block, round) {
      if (hasFailed) return;
      const slot = findSlot();
      hasFailed = !file.write(slot, block);
      if (hasFailed) return;
      if (!markSaved(block, round)) {
        // Its recorder needed the memory meanwhile, and has counted the rows.
        free.push(slot);
        return;
      }
      kept.push({ track, number, slot });
      tell({ kind: "saved", track, number, slot });
    },
  };
}
