/** Names of tracks as the page shows them: they are elements beside the canvases. Places on the page, CSS px. */
export interface ShownNames {
  /** What lies outside is not seen. */
  readonly clip: DOMRect;
  readonly names: readonly ShownName[];
}

export interface ShownName {
  readonly text: string;
  readonly box: DOMRect;
  readonly fontWeight: string;
  readonly fontSize: string;
}

/** The names of pinned and of scrolled tracks; none where the tree is not shown. */
export function shownNames(frame: HTMLElement): readonly ShownNames[] {
  return ["pinned-tree", "scrolled-tree"].flatMap((part) => {
    const clip = frame.querySelector(`[data-part="${part}"]`)?.parentElement?.getBoundingClientRect();
    if (clip === undefined) return [];
    const names = [...frame.querySelectorAll<HTMLElement>(`[data-part="${part}"] [data-name] > span`)].map((name) => {
      const { fontWeight, fontSize } = getComputedStyle(name);
      return { text: name.textContent ?? "", box: name.getBoundingClientRect(), fontWeight, fontSize };
    });
    return [{ clip, names }];
  });
}
