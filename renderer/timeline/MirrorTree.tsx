import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import type { SpanBrief } from "../../electron/contract/engine-contract.ts";
import { formatDuration } from "../../traces/model/format-units.ts";
import type { TimelineActions, TraceTab } from "../state/trace-tab.ts";
import { exactTime } from "./axis-ticks.ts";
import { runShortcut } from "./commands.ts";
import type { TimelineController } from "./controller.ts";
import { type Mirror, readMirror } from "./mirror-model.ts";
import { isMac } from "../ui/shortcut.ts";
import styles from "./Timeline.module.css";

/** Keys held down move the selection many times a second; the tree follows when they rest. */
const restMs = 120;

/** The neighborhood of the selected span as a tree for screen readers; focus in it selects in the timeline and follows it. */
export const MirrorTree = memo(function MirrorTree({
  timeline,
  tab,
  actions,
}: {
  readonly timeline: TimelineController;
  readonly tab: TraceTab;
  readonly actions: TimelineActions;
}) {
  const selected = tab.selection.kind === "span" ? tab.selection.span.span : null;
  const mirror = useMirror(timeline, selected);
  const tree = useRef<HTMLDivElement>(null);
  const focus = mirror?.focus.span ?? null;
  useEffect(() => {
    // Only when the focus is in the tree already: selecting with the mouse must not move it.
    if (focus === null || tree.current?.contains(document.activeElement) !== true) return;
    tree.current.querySelector<HTMLElement>(`[data-span="${focus}"]`)?.focus();
  }, [focus]);
  const trackName = (span: SpanBrief): string =>
    tab.summary?.tracks.find((track) => track.id === span.track)?.name ?? "";
  const item = (
    span: SpanBrief,
    place: { readonly position: number; readonly count: number },
    expanded: boolean | undefined,
  ) => (
    <div
      key={span.span}
      role="treeitem"
      data-span={span.span}
      tabIndex={span.span === focus ? 0 : -1}
      aria-level={span.depth + 1}
      aria-posinset={place.position}
      aria-setsize={place.count}
      aria-selected={span.span === focus}
      aria-expanded={expanded}
      onFocus={() => {
        if (span.span !== focus) actions.selectSpan(span, true);
      }}
    >
      {`${span.name}, ${span.openEnded ? "open end" : formatDuration(span.durationNs)}, starts at ${exactTime(span.startNs)}, self ${formatDuration(span.selfNs)}, depth ${span.depth}, ${trackName(span)}`}
    </div>
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.key.startsWith("Arrow") || !runShortcut(timeline, treeKey(event), isMac())) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={tree}
      className={styles["hidden"]}
      role="tree"
      tabIndex={-1}
      aria-label="Spans around the selection"
      onKeyDown={onKeyDown}
    >
      {mirror === null ? (
        <div role="treeitem" tabIndex={0} aria-selected={false} onKeyDown={onKeyDown}>
          No span is selected. Press arrow down to select the first one in view.
        </div>
      ) : (
        mirrorItems(mirror, item)
      )}
    </div>
  );
});

function mirrorItems(
  mirror: Mirror,
  item: (span: SpanBrief, place: { position: number; count: number }, expanded: boolean | undefined) => ReactNode,
): ReactNode[] {
  const items = mirror.ancestors.map((span) => item(span, { position: 1, count: -1 }, true));
  mirror.siblings.forEach((span, index) => {
    const isFocus = span.span === mirror.focus.span;
    items.push(
      item(
        span,
        { position: mirror.firstSibling + index + 1, count: mirror.siblingCount },
        isFocus && mirror.childCount > 0 ? true : undefined,
      ),
    );
    if (isFocus)
      mirror.children.forEach((child, at) =>
        items.push(item(child, { position: at + 1, count: mirror.childCount }, undefined)),
      );
  });
  return items;
}

/** In a tree, left and right lead out and in, up and down to the neighbors; the timeline's own arrows are turned by a quarter. */
function treeKey(event: KeyboardEvent): {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
} {
  const turned: Readonly<Record<string, string>> = {
    ArrowLeft: "ArrowUp",
    ArrowRight: "ArrowDown",
    ArrowUp: "ArrowLeft",
    ArrowDown: "ArrowRight",
  };
  return {
    key: turned[event.key] ?? event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    altKey: event.altKey,
    shiftKey: event.shiftKey,
  };
}

function useMirror(timeline: TimelineController, span: number | null): Mirror | null {
  const [mirror, setMirror] = useState<Mirror | null>(null);
  useEffect(() => {
    if (span === null) return;
    let current = true;
    const timer = setTimeout(() => {
      void timeline.attempt(async () => {
        const next = await readMirror(timeline.engine, timeline.trace, span);
        if (current) setMirror(next);
      });
    }, restMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [timeline, span]);
  // While the next one is read, the old one stays: the focus must not fall out of the tree.
  return span === null ? null : mirror;
}
