import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrastRatio, parseColor, relativeLuminance, type Rgb } from "../../../../renderer/theme/color.ts";
import { paletteOf, shareColor } from "../../../../renderer/theme/coloring.ts";
import { createPalette, type Palette, type ThemeName } from "../../../../renderer/theme/palette.ts";
import { slotCount, toSlot, variantCount } from "../../../../traces/model/color-slot.ts";
import { SpanKind, spanKindNames } from "../../../../traces/model/span-kind.ts";
import { colorDistance, colorVisions } from "../../../fixtures/color-vision.ts";

const css = readFileSync(new URL("../../../../renderer/theme/tokens.css", import.meta.url), "utf8");

function tokensOf(theme: ThemeName): ReadonlyMap<string, string> {
  const read = (block: string): [string, string][] =>
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]);
  const light = /:root,\s*\[data-theme="light"\] \{([^}]*)\}/.exec(css)?.[1] ?? "";
  const dark = /:root\[data-theme="dark"\] \{([^}]*)\}/.exec(css)?.[1] ?? "";
  return new Map([...read(light), ...(theme === "dark" ? read(dark) : [])]);
}

const themes: readonly ThemeName[] = ["light", "dark"];
const surfaces = [
  "--surface-app",
  "--surface-panel",
  "--surface-raised",
  "--surface-hover",
  "--surface-field",
  "--accent-soft",
];
const texts = ["--text", "--text-soft", "--text-faint"];
const kinds = spanKindNames.map((kind) => `--kind-${kind}`);

describe.each(themes)("tokens of the %s theme", (theme) => {
  const tokens = tokensOf(theme);
  const color = (name: string): Rgb => {
    const parsed = parseColor(tokens.get(name) ?? "");
    if (parsed === null) throw new Error(`${name} is no color: ${tokens.get(name)}`);
    return parsed;
  };
  const ratio = (a: string, b: string): number => contrastRatio(color(a), color(b));

  test.each(texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)))(
    "%s can be read on %s",
    (text, surface) => {
      expect(ratio(text, surface)).toBeGreaterThanOrEqual(4.5);
    },
  );
  test.each([
    ["--accent", "--surface-panel"],
    ["--on-accent", "--accent"],
    ["--text-tooltip", "--surface-tooltip"],
    ["--text-tooltip-soft", "--surface-tooltip"],
    ["--text", "--notice-surface"],
    ["--text", "--danger-surface"],
    ["--danger", "--surface-panel"],
    ["--danger", "--danger-surface"],
    ["--notice", "--notice-surface"],
  ])("%s can be read on %s", (text, surface) => {
    expect(ratio(text, surface)).toBeGreaterThanOrEqual(4.5);
  });
  test.each([
    ...kinds,
    "--border-strong",
    "--focus",
    "--selection",
    "--hit",
    "--measure",
    "--bookmark",
    "--flow",
    "--viewport-shade",
    "--compare-slower",
    "--compare-faster",
    "--compare-even",
    "--side-before",
    "--side-after",
    "--series-neutral",
    ...Array.from({ length: 8 }, (_, index) => `--series-${index + 1}`),
  ])("%s stands out from the panel", (name) => {
    expect(ratio(name, "--surface-panel")).toBeGreaterThanOrEqual(3);
  });

  test.each([0, 1, 2])("the number of a cell can be read on light shade %i", (shade) => {
    expect(ratio("--text", `--shade-${shade}`)).toBeGreaterThanOrEqual(4.5);
    expect(ratio("--text-soft", `--shade-${shade}`)).toBeGreaterThanOrEqual(3);
  });
  test.each([3, 4])("the number of a cell can be read on full shade %i", (shade) => {
    expect(ratio("--on-shade", `--shade-${shade}`)).toBeGreaterThanOrEqual(4.5);
  });

  const palette: Palette = createPalette(theme, (name) => tokens.get(name) ?? "");
  test("every color slot stands out, and its label can be read on it", () => {
    expect(palette.slotFill).toHaveLength(slotCount);
    for (let slot = 1; slot <= spanKindNames.length * variantCount; slot++) {
      const fill = parseColor(palette.slotFill[slot] ?? "") ?? [0, 0, 0];
      const label = parseColor(palette.slotLabel[slot] ?? "") ?? [0, 0, 0];
      expect(contrastRatio(fill, palette.rgb.surfacePanel), `slot ${slot} on the panel`).toBeGreaterThanOrEqual(3);
      expect(contrastRatio(fill, label), `label of slot ${slot}`).toBeGreaterThanOrEqual(4.5);
      expect([...palette.slotRgba.subarray(slot * 4, slot * 4 + 4)]).toEqual([...fill, 255]);
    }
    expect([...palette.slotRgba.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  test.each(["name", "selfShare"] as const)(
    "every slot by %s stands out, and its label can be read on it",
    (coloring) => {
      const colored = paletteOf(palette, coloring);
      for (let slot = 1; slot <= spanKindNames.length * variantCount; slot++) {
        const fill = parseColor(colored.slotFill[slot] ?? "") ?? [0, 0, 0];
        const label = parseColor(colored.slotLabel[slot] ?? "") ?? [0, 0, 0];
        expect(contrastRatio(fill, palette.rgb.surfacePanel), `slot ${slot} on the panel`).toBeGreaterThanOrEqual(3);
        expect(contrastRatio(fill, label), `label of slot ${slot}`).toBeGreaterThanOrEqual(4.5);
        expect([...colored.slotRgba.subarray(slot * 4, slot * 4 + 4)]).toEqual([...fill, 255]);
      }
      expect(paletteOf(palette, coloring)).toBe(colored);
      expect(paletteOf(palette, "kind")).toBe(palette);
    },
  );

  test.each(Object.entries(colorVisions))(
    "colors of names differ for %s vision, self shares go one way",
    (_name, seen) => {
      const names = palette.nameColors.map(seen);
      names.forEach((color, index) => {
        for (const other of names.slice(index + 1)) expect(colorDistance(color, other)).toBeGreaterThan(0.045);
      });
      const shares = Array.from({ length: variantCount }, (_, v) => seen(shareColor(palette, v / (variantCount - 1))));
      const steps = shares.slice(1).map((color, v) => relativeLuminance(color) - relativeLuminance(shares[v] ?? color));
      expect(steps.every((step) => (theme === "light" ? step < 0 : step > 0))).toBe(true);
    },
  );

  test("variants of a kind differ, the first is the token itself", () => {
    const fills = new Set(
      Array.from({ length: variantCount }, (_, variant) => palette.slotFill[toSlot(SpanKind.op, variant)]),
    );
    expect(fills.size).toBeGreaterThanOrEqual(6);
    expect(palette.slotFill[toSlot(SpanKind.op, 0)]).toBe(tokens.get("--kind-op"));
  });
});

test("the dark theme replaces every color of the light one", () => {
  const colorNames = [...tokensOf("light")].filter(([, value]) => value.startsWith("#")).map(([name]) => name);
  const dark = tokensOf("dark");
  const light = tokensOf("light");
  expect(colorNames.filter((name) => dark.get(name) === light.get(name))).toEqual([]);
});

test("a token that is no color is refused", () => {
  expect(() => createPalette("light", () => "chartreuse-ish")).toThrow(RangeError);
});
