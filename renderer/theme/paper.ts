import { type Palette, readLightPalette } from "./palette.ts";

/** What pictures for paper and documents are drawn with. */
export interface Paper {
  /** Made when it is first asked for. */
  readonly palette: Palette;
  /** The value of a custom property of the light theme: "--text" → "#1b1f24". */
  readToken(name: string): string;
  close(): void;
}

/** The light theme beside whatever is on the screen, as long as it is open. */
export function openPaper(): Paper {
  const place = document.createElement("div");
  place.dataset["theme"] = "light";
  place.hidden = true;
  document.body.append(place);
  const tokens = getComputedStyle(place);
  let palette: Palette | null = null;
  return {
    get palette() {
      return (palette ??= readLightPalette());
    },
    readToken: (name) => tokens.getPropertyValue(name).trim(),
    close: () => place.remove(),
  };
}
