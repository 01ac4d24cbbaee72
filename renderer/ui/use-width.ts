import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** The width that the page gives to an element, without `padPx` on both sides; 0 before it is known. */
export function useWidth(padPx = 0): readonly [widthPx: number, ref: RefObject<HTMLDivElement | null>] {
  const ref = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidthPx(Math.max(0, element.clientWidth - 2 * padPx)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [padPx]);
  return [widthPx, ref];
}
