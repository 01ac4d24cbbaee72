import {
  AudioWaveform,
  ChartArea,
  ChevronDown,
  ChevronRight,
  EyeOff,
  Frame,
  Layers,
  Microchip,
  Pin,
  PinOff,
  Server,
  Shapes,
  Shuffle,
} from "lucide-react";
import { type PointerEvent, type ReactNode, useState } from "react";
import type { TrackSummary } from "../../electron/contract/engine-contract.ts";
import type { TrackKind } from "../../traces/model/trace.ts";
import { formatCount, formatCounted } from "../../traces/model/format-units.ts";
import { isRoleGroup } from "../state/group-tracks.ts";
import type { TimelineActions } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { isolate, isTurning } from "../names/isolate.ts";
import type { Block } from "./strips.ts";
import { dropPlace } from "./track-moves.ts";
import styles from "./TrackTree.module.css";

const css = classes(styles);
const dragSlackPx = 4;
const tailCharacters = 10;

const kindIcons: Readonly<Record<TrackKind, ReactNode>> = {
  process: <Server size={13} aria-hidden />,
  thread: <Layers size={12} aria-hidden />,
  device: <Microchip size={13} aria-hidden />,
  stream: <AudioWaveform size={12} aria-hidden />,
  async: <Shuffle size={12} aria-hidden />,
  counter: <ChartArea size={12} aria-hidden />,
  frame: <Frame size={12} aria-hidden />,
};

export interface TrackRowProps {
  readonly block: Block;
  /** Where the content begins that the rows are placed in, px: rows far down lie close to it. */
  readonly originPx: number;
  readonly id?: string;
  readonly active: boolean;
  readonly isPinned: boolean;
  readonly actions: TimelineActions;
  readonly blocks: readonly Block[];
  readonly onActivate: () => void;
  readonly onMenu: (x: number, y: number) => void;
}

/** One track of the tree: fold, name, count; pin and hide on hover. Dragged to another place among its siblings. */
export function TrackRow({
  block,
  originPx,
  id,
  active,
  isPinned,
  actions,
  blocks,
  onActivate,
  onMenu,
}: TrackRowProps) {
  const { track } = block;
  const isRole = isRoleGroup(track.id);
  const [drop, setDrop] = useState<ReturnType<typeof dropPlace>>(null);
  const drag = useTrackDrag(block, blocks, setDrop, (before) => actions.moveTrack(track.id, before));
  const { count, words } = contentOf(track);
  const labelPx = block.headerPx > 0 ? block.headerPx : Math.max(block.rowPx, 16);
  return (
    <div
      id={id}
      data-track={track.id}
      className={css("row", block.headerPx > 0 && "group", active && "active")}
      style={{ top: block.yPx - originPx, height: block.heightPx }}
      role="treeitem"
      tabIndex={-1}
      aria-level={block.level + 1}
      aria-expanded={block.collapsible ? !block.collapsed : undefined}
      aria-selected={active}
      onContextMenu={(event) => {
        event.preventDefault();
        onActivate();
        onMenu(event.clientX, event.clientY);
      }}
    >
      <div
        data-label
        className={css("label")}
        style={{ height: labelPx, paddingLeft: 6 + block.level * 12 }}
        title={track.detail === "" ? track.name : `${isolate(track.name)} (${track.detail})`}
        onPointerDown={onActivate}
        {...drag}
      >
        {block.collapsible ? (
          <button
            type="button"
            className={css("fold")}
            tabIndex={-1}
            aria-hidden
            onPointerDown={stop}
            onClick={() => actions.toggleCollapsed(track.id)}
          >
            {block.collapsed ? <ChevronRight size={13} /> : <ChevronDown size={13} />}
          </button>
        ) : (
          <span className={css("fold")} />
        )}
        <span className={css("icon")}>{isRole ? <Shapes size={13} aria-hidden /> : kindIcons[track.kind]}</span>
        <MiddleCut text={track.name} />
        <span className="visually-hidden">{`, ${isRole ? "role" : track.kind}${count > 0 ? `, ${words}` : ""}`}</span>
        <span className={css("count")} title={words} aria-hidden>
          {count > 0 ? formatCount(count) : ""}
        </span>
        <RowTools track={track.id} isPinned={isPinned} actions={actions} />
      </div>
      {drop === null ? null : <div className={css("drop")} style={{ top: drop.yPx - block.yPx - 1 }} />}
    </div>
  );
}

/** Mouse only: the keys X and H do the same. */
function RowTools({
  track,
  isPinned,
  actions,
}: {
  readonly track: number;
  readonly isPinned: boolean;
  readonly actions: TimelineActions;
}) {
  return (
    <span className={css("tools")} onPointerDown={stop}>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden
        title={isPinned ? "Unpin (X)" : "Pin to the top (X)"}
        onClick={() => actions.togglePinned(track)}
      >
        {isPinned ? <PinOff size={13} /> : <Pin size={13} />}
      </button>
      <button type="button" tabIndex={-1} aria-hidden title="Hide (H)" onClick={() => actions.setHidden(track, true)}>
        <EyeOff size={13} />
      </button>
    </span>
  );
}

/** What a track holds most of, for the count behind its name. */
function contentOf(track: TrackSummary): { readonly count: number; readonly words: string } {
  if (track.spanCount > 0) return { count: track.spanCount, words: formatCounted(track.spanCount, "span") };
  if (track.instantCount > 0) return { count: track.instantCount, words: formatCounted(track.instantCount, "instant") };
  return { count: track.sampleCount, words: formatCounted(track.sampleCount, "sample") };
}

/** A name whose middle gives way: both ends tell tracks apart. */
function MiddleCut({ text }: { readonly text: string }) {
  const isOnePiece = isTurning(text);
  const tail = !isOnePiece && text.length > tailCharacters * 2 ? tailOf(text) : "";
  return (
    <span data-name className={css("name")}>
      <span className={css("head")} dir={isOnePiece ? "auto" : undefined}>
        {text.slice(0, text.length - tail.length)}
      </span>
      {tail === "" ? null : <span className={css("tail")}>{tail}</span>}
    </span>
  );
}

/** The last words of a name, as far as they are about as long as `tailCharacters`; else its last characters. */
function tailOf(text: string): string {
  const end = text.slice(-tailCharacters - 4);
  const word = end.search(/(?<=[\s/:._-])[\p{L}\p{N}(]/u);
  return word > 0 && end.length - word >= 4 ? end.slice(word) : text.slice(-tailCharacters);
}

function useTrackDrag(
  block: Block,
  blocks: readonly Block[],
  setDrop: (drop: ReturnType<typeof dropPlace>) => void,
  onDrop: (before: number | null) => void,
) {
  const [from, setFrom] = useState<number | null>(null);
  const placeAt = (event: PointerEvent<HTMLElement>): ReturnType<typeof dropPlace> => {
    if (from === null || Math.abs(event.clientY - from) < dragSlackPx) return null;
    const row = event.currentTarget.closest("[data-track]");
    const contentY = block.yPx + event.clientY - (row?.getBoundingClientRect().top ?? 0);
    return dropPlace(blocks, block, contentY);
  };
  return {
    onPointerDownCapture: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button") !== null)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setFrom(event.clientY);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (from !== null) setDrop(placeAt(event));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const place = placeAt(event);
      setFrom(null);
      setDrop(null);
      if (place !== null) onDrop(place.before);
    },
    onPointerCancel: () => {
      setFrom(null);
      setDrop(null);
    },
  };
}

const stop = (event: PointerEvent): void => event.stopPropagation();
