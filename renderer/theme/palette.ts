import { kindOfSlot, slotCount, variantCount, variantOfSlot } from "../../traces/model/color-slot.ts";
import { SpanKind, spanKindNames, type SpanKindName } from "../../traces/model/span-kind.ts";
import { contrastRatio, parseColor, type Rgb, shiftColor, tintColor, toHex } from "./color.ts";

export type ThemeName = "light" | "dark";

/** Tokens that canvases draw with; `surfacePanel` reads `--surface-panel`. */
export const canvasColorNames = [
  "surfaceApp",
  "surfacePanel",
  "surfaceRaised",
  "surfaceHover",
  "surfaceTooltip",
  "border",
  "borderStrong",
  "text",
  "textSoft",
  "textFaint",
  "textTooltip",
  "accent",
  "accentSoft",
  "focus",
  "notice",
  "danger",
  "grid",
  "gridStrong",
  "selection",
  "selectionFill",
  "hit",
  "measure",
  "bookmark",
  "onBookmark",
  "flow",
  "viewportShade",
  "compareSlower",
  "compareFaster",
  "compareEven",
] as const;
export type CanvasColorName = (typeof canvasColorNames)[number];

/** Everything a canvas needs of the theme; made once per theme change, so that canvas and DOM agree. */
export interface Palette {
  readonly theme: ThemeName;
  /** 256 × [r, g, b, a], by color slot; slot 0 is transparent, the others opaque. */
  readonly slotRgba: Uint8ClampedArray;
  /** Fill of a box, by color slot. Slot 0 is the panel surface. */
  readonly slotFill: readonly string[];
  /** Label on that fill, ≥ 4.5 : 1. */
  readonly slotLabel: readonly string[];
  /** Middle color of a kind, for legends and bars. */
  readonly kindFill: Readonly<Record<SpanKindName, string>>;
  /** Colors of names, by the variant of their slot. */
  readonly nameColors: readonly Rgb[];
  /** Colors of a self share of 0, a half, 1. */
  readonly shareColors: readonly [none: Rgb, half: Rgb, all: Rgb];
  /** CSS colors. */
  readonly css: Readonly<Record<CanvasColorName, string>>;
  /** The same as numbers 0–255. */
  readonly rgb: Readonly<Record<CanvasColorName, Rgb>>;
  readonly font: string;
}

/** Three steps of lightness and a small turn of hue: a name stands out from its neighbors, the kind stays readable. */
const lightnessSteps = [0, -0.055, 0.055] as const;
const hueTurns = [0, 6, -6] as const;
/** Steps come one after another with numbered names: one tone for all, their borders part them. */
const plainKinds: ReadonlySet<number> = new Set([SpanKind.step]);
/** Spans of no known kind: tinted greys, so that names can be told apart in a trace that has nothing else. */
const otherChroma = 0.045;
const otherHueTurn = 137.5;
const minGraphicContrast = 3;
const labelDark: Rgb = [0, 0, 0];
const labelLight: Rgb = [255, 255, 255];

/** `readToken` gets a custom property name ("--grid") and gives its value. Throws RangeError for a token that is no color. */
export function createPalette(theme: ThemeName, readToken: (name: string) => string): Palette {
  const readColor = (name: string): Rgb => {
    const text = readToken(name);
    const color = parseColor(text);
    if (color === null) throw new RangeError(`token ${name} is no color: "${text}"`);
    return color;
  };
  const rgb = Object.fromEntries(canvasColorNames.map((name) => [name, readColor(tokenName(name))])) as Record<
    CanvasColorName,
    Rgb
  >;
  const css = Object.fromEntries(canvasColorNames.map((name) => [name, toHex(rgb[name])])) as Record<
    CanvasColorName,
    string
  >;
  const kinds = spanKindNames.map((kind) => readColor(`--kind-${kind}`));

  const slotRgba = new Uint8ClampedArray(slotCount * 4);
  const slotFill: string[] = [css.surfacePanel];
  const slotLabel: string[] = [css.text];
  for (let slot = 1; slot < slotCount; slot++) {
    const base = kinds[kindOfSlot(slot)] ?? kinds[0];
    if (base === undefined) throw new RangeError("no span kinds");
    const fill = variantColor(
      kindOfSlot(slot) === SpanKind.other ? tintColor(base, otherChroma, variantOfSlot(slot) * otherHueTurn) : base,
      plainKinds.has(kindOfSlot(slot)) ? 0 : variantOfSlot(slot),
      rgb.surfacePanel,
      theme,
    );
    slotRgba.set([...fill, 255], slot * 4);
    slotFill.push(toHex(fill));
    slotLabel.push(toHex(labelOn(fill)));
  }
  const kindFill = Object.fromEntries(
    spanKindNames.map((kind, index) => [kind, toHex(kinds[index] ?? rgb.text)]),
  ) as Record<SpanKindName, string>;
  return {
    theme,
    slotRgba,
    slotFill,
    slotLabel,
    kindFill,
    nameColors: Array.from({ length: variantCount }, (_, variant) => readColor(`--name-${variant}`)),
    shareColors: [readColor("--share-none"), readColor("--share-half"), readColor("--share-all")],
    css,
    rgb,
    font: readToken("--font"),
  };
}

/** The palette of the tokens as they stand now on the page. Resolves system colors too (forced colors). */
export function readPalette(theme: ThemeName): Palette {
  return readTokens(theme, document.createElement("span"));
}

/** The light palette, whatever the page shows. */
export function readLightPalette(): Palette {
  const probe = document.createElement("span");
  probe.dataset["theme"] = "light";
  return readTokens("light", probe);
}

function readTokens(theme: ThemeName, probe: HTMLElement): Palette {
  // Else forced colors would turn every answer into the color of text.
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  try {
    const root = getComputedStyle(document.documentElement);
    return createPalette(theme, (name) => {
      if (name.startsWith("--font")) return root.getPropertyValue(name).trim();
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    });
  } finally {
    probe.remove();
  }
}

/** Label color with the higher contrast; of black and white one always reaches 4.5 : 1. */
export function labelOn(fill: Rgb): Rgb {
  return contrastRatio(fill, labelLight) >= contrastRatio(fill, labelDark) ? labelLight : labelDark;
}

function variantColor(base: Rgb, variant: number, surface: Rgb, theme: ThemeName): Rgb {
  const lightness = lightnessSteps[variant % 3] ?? 0;
  const turn = hueTurns[Math.floor(variant / 3) % 3] ?? 0;
  const away = theme === "light" ? -0.01 : 0.01;
  let color = shiftColor(base, lightness, turn);
  for (let step = 0; step < 40 && contrastRatio(color, surface) < minGraphicContrast; step++)
    color = shiftColor(color, away);
  return roundColor(color);
}

const roundColor = (color: Rgb): Rgb => [Math.round(color[0]), Math.round(color[1]), Math.round(color[2])];

const tokenName = (name: CanvasColorName): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
