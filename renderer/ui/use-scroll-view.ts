import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** The part of what scrolls in an element that is on the screen, CSS px. */
export interface ScrollView {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of what scrolls, above the upper edge of the element. */
  readonly topPx: number;
}

/** Follows size and scroll position of an element; all 0 before they are known. */
export function useScrollView(): readonly [ScrollView, RefObject<HTMLDivElement | null>] {
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<ScrollView>({ widthPx: 0, heightPx: 0, topPx: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const follow = (): void =>
      setView({ widthPx: element.clientWidth, heightPx: element.clientHeight, topPx: element.scrollTop });
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    element.addEventListener("scroll", follow, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", follow);
    };
  }, []);
  return [view, ref];
}

/** Scrolls no further than needed to show a row of `rowPx` from `topPx` on. */
export function scrollToRow(element: HTMLElement | null, topPx: number, rowPx: number): void {
  if (element === null) return;
  const { scrollTop, clientHeight } = element;
  if (topPx < scrollTop) element.scrollTop = topPx;
  else if (topPx + rowPx > scrollTop + clientHeight) element.scrollTop = topPx + rowPx - clientHeight;
}

/** Those of some boxes that lie in rows on the screen. */
export function boxesInView<Box extends { readonly level: number }>(
  boxes: readonly Box[],
  rowPx: number,
  { topPx, heightPx }: ScrollView,
): readonly Box[] {
  const first = Math.floor(topPx / rowPx);
  const last = Math.ceil((topPx + heightPx) / rowPx) - 1;
  return boxes.filter(({ level }) => level >= first && level <= last);
}
