import { startTransition, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { EngineClient } from "../../electron/contract/engine-contract.ts";
import type { TimelineActions } from "../state/trace-tab.ts";
import { TimelineController } from "./controller.ts";
import type { TimelineInputs } from "./inputs.ts";
import { attachTrackPointer } from "./pointer.ts";
import { attachMinimapPointer, attachRulerPointer } from "./ruler-pointer.ts";
import { claimPixels } from "./painter.ts";
import type { TimelineElements } from "./track-area.ts";

export interface UseTimelineOptions {
  readonly engine: EngineClient;
  readonly actions: TimelineActions;
  readonly onController: ((timeline: TimelineController | null) => void) | undefined;
  readonly inputs: TimelineInputs;
}

/** The controller behind the elements below `root`, from mount to unmount; null before. Keeps it told of new inputs. */
export function useTimeline(
  root: RefObject<HTMLElement | null>,
  { engine, actions, onController, inputs }: UseTimelineOptions,
): TimelineController | null {
  const [timeline, setTimeline] = useState<TimelineController | null>(null);
  const newest = useRef(inputs);
  const { tab, summary, palette, coloring, hovered } = inputs;
  useLayoutEffect(() => {
    newest.current = inputs;
  });
  useLayoutEffect(() => {
    const frame = root.current;
    if (frame === null) return;
    let undo: (() => void) | null = null;
    const create = (): void => {
      const elements = findElements(frame);
      const created = new TimelineController(elements, engine, actions, newest.current);
      const detach = [
        attachTrackPointer(created, part(frame, "area")),
        attachRulerPointer(created, part(frame, "ruler-area")),
        attachMinimapPointer(created, elements.minimap),
      ];
      undo = () => {
        for (const detachOne of detach) detachOne();
        created.dispose();
        onController?.(null);
        setTimeline(null);
      };
      // The canvas is there; names, tooltip and commands follow in a task of their own.
      startTransition(() => {
        setTimeline(created);
        onController?.(created);
      });
    };
    // Elements, pixels and pictures cost the window as much as each other: while a run goes on, each gets a task of its own.
    const { isLive, load } = newest.current.tab;
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (isLive && load.kind === "loading") {
      timer = setTimeout(() => {
        const { tracks, axis, ruler, minimap } = findElements(frame);
        claimPixels([tracks, axis, ruler, minimap], newest.current.palette);
        timer = setTimeout(create, 0);
      }, 0);
    } else create();
    return () => {
      clearTimeout(timer);
      undo?.();
    };
  }, [root, engine, actions, onController]);
  useEffect(
    () => timeline?.update({ tab, summary, palette, coloring, hovered }),
    [timeline, tab, summary, palette, coloring, hovered],
  );
  return timeline;
}

function findElements(frame: HTMLElement): TimelineElements {
  return {
    root: part(frame, "root"),
    tracks: part<HTMLCanvasElement>(frame, "tracks"),
    overlay: part<HTMLCanvasElement>(frame, "overlay"),
    axis: part<HTMLCanvasElement>(frame, "axis"),
    ruler: part<HTMLCanvasElement>(frame, "ruler"),
    minimap: part<HTMLCanvasElement>(frame, "minimap"),
    scroller: part(frame, "scroller"),
    sizer: part(frame, "sizer"),
    pinnedTree: part(frame, "pinned-tree"),
    scrolledTree: part(frame, "scrolled-tree"),
  };
}

function part<E extends HTMLElement>(frame: HTMLElement, name: string): E {
  const element = frame.querySelector<E>(`[data-part="${name}"]`);
  if (element === null) throw new Error(`the timeline has no part "${name}"`);
  return element;
}
