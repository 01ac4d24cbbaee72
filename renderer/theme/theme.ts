import { createContext, useContext } from "react";
import { type Palette, readPalette, type ThemeName } from "./palette.ts";

export type ThemeChoice = "system" | ThemeName;

/** Puts the theme on the page, keeps up with the system, and calls `onChange` at once and after every change. Returns its undo. */
export function applyTheme(choice: ThemeChoice, onChange: (palette: Palette) => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const forced = matchMedia("(forced-colors: active)");
  const apply = (): void => {
    const theme: ThemeName = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset["theme"] = theme;
    onChange(readPalette(theme));
  };
  apply();
  dark.addEventListener("change", apply);
  forced.addEventListener("change", apply);
  return () => {
    dark.removeEventListener("change", apply);
    forced.removeEventListener("change", apply);
  };
}

export const PaletteContext = createContext<Palette | null>(null);

/** The palette of the current theme; a new object after every theme change. */
export function usePalette(): Palette {
  const palette = useContext(PaletteContext);
  if (palette === null) throw new Error("no palette: the component is outside of the app");
  return palette;
}
