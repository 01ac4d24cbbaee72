import type { DetailWork } from "./level-of-detail.ts";
import type { ColumnsInput, PlacedColumns } from "./place-columns.ts";

/**
 * Another thread that does a part of sealing meanwhile. What it is given and what it returns lies in shared memory, or
 * changes hands. Its promises reject where that thread fails.
 */
export interface SealHelper {
  /** Takes over the blocks: they are empty here from then on. To be called once. */
  placeColumns(input: ColumnsInput): Promise<PlacedColumns>;
  /** Fills rows once its columns are placed; so may the caller, at the same time. */
  fillDetail(work: DetailWork): Promise<void>;
}
