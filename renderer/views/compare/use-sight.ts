import { type RefObject, useEffect, useState } from "react";
import { readWheel } from "../../timeline/wheel.ts";
import { useWidth } from "../../ui/use-width.ts";
import { panned, type Sight, wholeSight, zoomed, zoomStep } from "./sight.ts";

export interface SightState {
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  /** Without the padding. */
  readonly widthPx: number;
  readonly sight: Sight;
  readonly setSight: (sight: Sight) => void;
}

/** The part of two steps that is in sight, moved by the wheel; `padPx` on both sides, names in `gutterPx` on the left. */
export function useSight(padPx: number, gutterPx: number): SightState {
  const [widthPx, scrollRef] = useWidth(padPx);
  const [sight, setSight] = useState(wholeSight);
  useEffect(() => {
    const element = scrollRef.current;
    if (element === null) return undefined;
    const plotPx = Math.max(1, widthPx - gutterPx);
    const handle = (event: WheelEvent): void => {
      const meaning = readWheel(event, zoomStep);
      if (meaning.kind === "pan" && meaning.deltaXPx === 0) return;
      event.preventDefault();
      const at = (event.clientX - element.getBoundingClientRect().left - padPx - gutterPx) / plotPx;
      setSight((now) =>
        meaning.kind === "zoom" ? zoomed(now, meaning.factor, at) : panned(now, meaning.deltaXPx / plotPx),
      );
    };
    // React listens to wheels passively: a zoom must keep the page from zooming.
    element.addEventListener("wheel", handle, { passive: false });
    return () => element.removeEventListener("wheel", handle);
  }, [scrollRef, widthPx, padPx, gutterPx]);
  return { scrollRef, widthPx, sight, setSight };
}
