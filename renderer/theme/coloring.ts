import { slotCount, variantCount, variantOfSlot } from "../../traces/model/color-slot.ts";
import { mixColors, type Rgb, toHex } from "./color.ts";
import { labelOn, type Palette } from "./palette.ts";

/** What the colors of spans tell. */
export const colorings = ["kind", "name", "selfShare"] as const;
export type Coloring = (typeof colorings)[number];

export const coloringWords: Readonly<Record<Coloring, { readonly title: string; readonly explanation: string }>> = {
  kind: { title: "Kind", explanation: "The color tells the kind of a span; names of one kind differ in lightness." },
  name: {
    title: "Name",
    explanation: `Equal names have equal colors. There are ${variantCount} colors, so different names can share one.`,
  },
  selfShare: {
    title: "Self share",
    explanation: "The part of a span's duration that none of its children takes, from 0 % to 100 %.",
  },
};

export const nextColoring: Readonly<Record<Coloring, Coloring>> = {
  kind: "name",
  name: "selfShare",
  selfShare: "kind",
};

const made = new WeakMap<Palette, Map<Coloring, Palette>>();

/** The palette with the colors of slots that belong to `coloring`; the same object for the same two. */
export function paletteOf(palette: Palette, coloring: Coloring): Palette {
  if (coloring === "kind") return palette;
  const known = made.get(palette) ?? new Map<Coloring, Palette>();
  made.set(palette, known);
  let found = known.get(coloring);
  if (found === undefined) {
    found = withSlots(palette, (variant) => variantColor(palette, coloring, variant));
    known.set(coloring, found);
  }
  return found;
}

/** Color of a self share, 0–1. */
export function shareColor({ shareColors: [none, half, all] }: Pick<Palette, "shareColors">, share: number): Rgb {
  return share < 0.5 ? mixColors(none, half, share * 2) : mixColors(half, all, share * 2 - 1);
}

function variantColor(palette: Palette, coloring: Coloring, variant: number): Rgb {
  return coloring === "selfShare"
    ? shareColor(palette, variant / (variantCount - 1))
    : (palette.nameColors[variant] ?? palette.rgb.text);
}

function withSlots(palette: Palette, colorOf: (variant: number) => Rgb): Palette {
  const slotRgba = new Uint8ClampedArray(slotCount * 4);
  const slotFill: string[] = [palette.css.surfacePanel];
  const slotLabel: string[] = [palette.css.text];
  for (let slot = 1; slot < slotCount; slot++) {
    const [red, green, blue] = colorOf(variantOfSlot(slot));
    const fill: Rgb = [Math.round(red), Math.round(green), Math.round(blue)];
    slotRgba.set([...fill, 255], slot * 4);
    slotFill.push(toHex(fill));
    slotLabel.push(toHex(labelOn(fill)));
  }
  return { ...palette, slotRgba, slotFill, slotLabel };
}
