import type { TimelineActions } from "../state/trace-tab.ts";
import type { Block } from "./strips.ts";

/** Blocks of the same parent, in display order; pinned ones move among themselves only. */
export function siblingsOf(blocks: readonly Block[], block: Block): readonly Block[] {
  return blocks.filter(
    (other) =>
      other.track.parent === block.track.parent && other.pinned === block.pinned && other.level === block.level,
  );
}

/** Last px of a track and what is shown below it. */
export function subtreeEndPx(blocks: readonly Block[], block: Block): number {
  let index = blocks.indexOf(block);
  let end = block.yPx + block.heightPx;
  for (index += 1; index < blocks.length; index++) {
    const next = blocks[index];
    if (next === undefined || next.level <= block.level || next.pinned !== block.pinned) break;
    end = next.yPx + next.heightPx;
  }
  return end;
}

/** Where a dragged track would land: before this sibling (null: last), and the y of that gap. Null when it would stay. */
export function dropPlace(
  blocks: readonly Block[],
  dragged: Block,
  contentY: number,
): { readonly before: number | null; readonly yPx: number } | null {
  const siblings = siblingsOf(blocks, dragged);
  const own = siblings.indexOf(dragged);
  const middleOf = (block: Block): number => (block.yPx + subtreeEndPx(blocks, block)) / 2;
  let index = siblings.findIndex((block) => contentY < middleOf(block));
  if (index < 0) index = siblings.length;
  if (index === own || index === own + 1) return null;
  const before = siblings[index];
  const last = siblings.at(-1);
  return {
    before: before?.track.id ?? null,
    yPx: before?.yPx ?? (last === undefined ? 0 : subtreeEndPx(blocks, last)),
  };
}

/** Moves a track one place among its siblings. */
export function moveBy(blocks: readonly Block[], block: Block, places: -1 | 1, actions: TimelineActions): void {
  const siblings = siblingsOf(blocks, block);
  const index = siblings.indexOf(block);
  const target = places < 0 ? siblings[index - 1] : siblings[index + 2];
  if (places < 0 ? index <= 0 : index >= siblings.length - 1) return;
  actions.moveTrack(block.track.id, target?.track.id ?? null);
}
