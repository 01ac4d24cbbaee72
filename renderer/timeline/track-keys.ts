import type { TimelineActions } from "../state/trace-tab.ts";
import type { KeyPress } from "../ui/shortcut.ts";
import type { Block } from "./strips.ts";
import { moveBy } from "./track-moves.ts";

export interface TreeKeyContext {
  readonly blocks: readonly Block[];
  readonly active: Block | undefined;
  readonly actions: TimelineActions;
  /** Makes another track the active one. */
  readonly go: (block: Block) => void;
}

/** What the keys of the track tree do: arrows as in any tree, Alt + arrows move, letters as in the timeline. Whether the key was one of them. */
export function runTreeKey(press: KeyPress, context: TreeKeyContext): boolean {
  if (press.ctrlKey || press.metaKey) return false;
  const { blocks, active, go } = context;
  const run = active === undefined ? undefined : (press.altKey ? altKeys : trackKeys)[press.key];
  if (active !== undefined && run !== undefined) {
    run(active, context);
    return true;
  }
  if (press.altKey) return false;
  const index = active === undefined ? -1 : blocks.indexOf(active);
  const targets: Readonly<Record<string, Block | undefined>> = {
    ArrowDown: blocks[index + 1],
    ArrowUp: blocks[Math.max(0, index - 1)],
    Home: blocks[0],
    End: blocks.at(-1),
  };
  if (!Object.hasOwn(targets, press.key)) return false;
  const target = targets[press.key];
  if (target !== undefined) go(target);
  return true;
}

type TrackKey = (active: Block, context: TreeKeyContext) => void;

const fold: TrackKey = ({ track, collapsible }, { actions }) => {
  if (collapsible) actions.toggleCollapsed(track.id);
};
const pin: TrackKey = ({ track }, { actions }) => actions.togglePinned(track.id);

const altKeys: Readonly<Record<string, TrackKey>> = {
  ArrowUp: (active, { blocks, actions }) => moveBy(blocks, active, -1, actions),
  ArrowDown: (active, { blocks, actions }) => moveBy(blocks, active, 1, actions),
};

const trackKeys: Readonly<Record<string, TrackKey>> = {
  Enter: fold,
  " ": fold,
  c: fold,
  x: pin,
  h({ track }, { blocks, actions, go }) {
    const index = blocks.findIndex((block) => block.track.id === track.id);
    const next = blocks[index + 1] ?? blocks[index - 1];
    actions.setHidden(track.id, true);
    if (next !== undefined) go(next);
  },
  ArrowRight(active, { blocks, actions, go }) {
    const next = blocks[blocks.indexOf(active) + 1];
    if (active.collapsible && active.collapsed) actions.toggleCollapsed(active.track.id);
    else if (next !== undefined && next.level > active.level) go(next);
  },
  ArrowLeft(active, { blocks, actions, go }) {
    const parent = blocks.find((block) => block.track.id === active.track.parent);
    if (active.collapsible && !active.collapsed) actions.toggleCollapsed(active.track.id);
    else if (parent !== undefined) go(parent);
  },
};
