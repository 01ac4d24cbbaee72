import { chromium, type Page } from "playwright-core";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { paletteOf } from "../../../renderer/theme/coloring.ts";
import { alphaOf, loneOccupancy } from "../../../renderer/timeline/texel-colors.ts";
import { nameVariant, shareVariant, toSlot } from "../../../traces/model/color-slot.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { readThemePalette } from "../../fixtures/theme-palette.ts";
import { chromiumSkipReason, launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { startWebHost } from "../../web-host/start-web-host.ts";
import { type DrawnSpan, readPixels, timelineOf, writeTrace } from "./drive-timeline.ts";

const palette = readThemePalette("light");
/** Height of a process header and of a row, as the layout has them at normal row height. */
const headerPx = 22;
const rowPx = 18;
const durationUs = 10_000;
type Rgb = readonly [number, number, number];

interface Drawing {
  /** By depth: one span over all, blocks of 100–900 µs, in them a crowd far below a pixel. */
  readonly rows: readonly (readonly DrawnSpan[])[];
  /** A single nanosecond in the last block. */
  readonly lone: DrawnSpan;
}

function makeDrawing(): Drawing {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const blocks: DrawnSpan[] = [];
  for (let at = 0; at < 8500; at = Math.round(at + (blocks.at(-1)?.durationUs ?? 0) / 0.8)) {
    blocks.push({
      name: `block ${Math.floor(random() * 9)}`,
      startUs: at,
      durationUs: Math.round(100 + random() * 800),
    });
  }
  const crowd = blocks.slice(0, -1).flatMap((block, index) => {
    const periodUs = Math.round(4 / ([0.1, 0.5, 0.9][index % 3] ?? 1));
    return Array.from({ length: Math.floor(block.durationUs / periodUs) }, (_, count) => ({
      name: `small ${index % 5}`,
      startUs: block.startUs + count * periodUs,
      durationUs: 4,
    }));
  });
  const last = blocks.at(-1) ?? { startUs: 0, durationUs: 0 };
  const lone = { name: "lone", startUs: last.startUs + Math.round(last.durationUs / 2), durationUs: 0.001 };
  return { rows: [[{ name: "all", startUs: 0, durationUs }], blocks, [...crowd, lone]], lone };
}

/** What a row must look like, span by span: no picture, no level of detail, no canvas. */
function bruteForce(spans: readonly DrawnSpan[], widthPx: number): readonly Rgb[] {
  const covered = new Float64Array(widthPx);
  const longest = new Float64Array(widthPx);
  const color: (Rgb | undefined)[] = [];
  for (const { name, startUs, durationUs: length } of spans) {
    const slot = toSlot(SpanKind.op, nameVariant(name));
    const fill = [0, 1, 2].map((part) => palette.slotRgba[slot * 4 + part] ?? 0) as unknown as Rgb;
    const from = (startUs / durationUs) * widthPx;
    const to = ((startUs + length) / durationUs) * widthPx;
    for (let x = Math.floor(from); x < Math.min(widthPx, Math.max(to, from + 1e-9)); x++) {
      const overlap = Math.min(to, x + 1) - Math.max(from, x);
      // A wide span is drawn crisply: it owns each pixel that it touches.
      covered[x] = to - from >= 4 ? 1 : (covered[x] ?? 0) + overlap;
      if (overlap >= (longest[x] ?? 0)) {
        longest[x] = overlap;
        color[x] = fill;
      }
    }
  }
  return Array.from({ length: widthPx }, (_, x) => {
    const fill = color[x];
    const surface = palette.rgb.surfacePanel;
    if (fill === undefined) return surface;
    const empty = (...shifts: number[]): boolean => shifts.every((shift) => color[x + shift] === undefined);
    // Alone, or one of two.
    const isLone = empty(-3, -2, -1, 1, 2, 3) || empty(-3, -2, -1, 2, 3, 4) || empty(-4, -3, -2, 1, 2, 3);
    const least = isLone ? loneOccupancy : 1;
    const alpha = alphaOf(Math.min(255, Math.max(least, Math.round((covered[x] ?? 0) * 255))));
    return [0, 1, 2].map((part) => (fill[part] ?? 0) * alpha + (surface[part] ?? 0) * (1 - alpha)) as unknown as Rgb;
  });
}

const distance = (a: Rgb, b: Rgb): number => Math.max(...a.map((part, index) => Math.abs(part - (b[index] ?? 0))));

/** Pixels farther from what they must be than `tolerance`; a pixel to the left or right is as good. */
function countWrong(drawn: readonly Rgb[], expected: readonly Rgb[], tolerance: number): number {
  return drawn.filter((pixel, x) =>
    [0, -1, 1].every(
      (shift) => distance(pixel, expected[x + shift] ?? pixel) > tolerance || expected[x + shift] === undefined,
    ),
  ).length;
}

/** Grid lines and hairlines between spans may differ: a share of the pixels that is well below what a fault would give. */
async function expectTrueRaster(page: Page, fileName: string, rows: readonly (readonly DrawnSpan[])[]): Promise<void> {
  const timeline = await timelineOf(page, fileName);
  await timeline.hover({ position: { x: 5, y: 5 } });
  await expect
    .poll(
      async () =>
        await page.evaluate(() => document.querySelector<HTMLCanvasElement>('canvas[data-part="tracks"]')?.width ?? 0),
    )
    .toBeGreaterThan(300);
  for (const [row, spans] of rows.entries()) {
    // Just below the upper edge of the row: above the labels.
    const yPx = headerPx + row * rowPx + 2;
    await expect
      .poll(async () => {
        const drawn = await readPixels(page, yPx);
        return countWrong(drawn, bruteForce(spans, drawn.length), 30) / drawn.length;
      })
      .toBeLessThan(0.02);
  }
}

async function expectLoneNanosecond(page: Page, lone: DrawnSpan): Promise<void> {
  const drawn = await readPixels(page, headerPx + 2 * rowPx + 8);
  const x = Math.floor((lone.startUs / durationUs) * drawn.length);
  const around = drawn.slice(x - 1, x + 2).map((pixel) => distance(pixel, palette.rgb.surfacePanel));
  expect(Math.max(...around)).toBeGreaterThan(20);
}

/** The row of the one long span, in the colors of names, then of self shares, then as before. */
async function expectColorings(page: Page, rows: Drawing["rows"]): Promise<void> {
  const all = rows[0]?.[0];
  const blocks = rows[1] ?? [];
  const total = all?.durationUs ?? 0;
  const ownUs = total - blocks.reduce((sum, block) => sum + block.durationUs, 0);
  const name = toSlot(SpanKind.op, nameVariant(all?.name ?? ""));
  const share = toSlot(SpanKind.op, shareVariant(ownUs, total));
  for (const [coloring, slot] of [
    ["name", name],
    ["selfShare", share],
    ["kind", name],
  ] as const) {
    await page.keyboard.press("u");
    const fill = paletteOf(palette, coloring).slotRgba.subarray(slot * 4, slot * 4 + 3);
    await expect
      .poll(async () => {
        const drawn = await readPixels(page, headerPx + 2);
        return drawn.filter((pixel) => distance(pixel, [...fill] as unknown as Rgb) > 3).length / drawn.length;
      })
      .toBeLessThan(0.02);
  }
}

describe("pixels of the timeline equal a brute-force raster", () => {
  test.skipIf(windowSkipReason() !== null)("in Electron", async () => {
    const { rows, lone } = makeDrawing();
    const { page } = await launchAppInTest({
      files: [await writeTrace("drawing.json", rows.flat())],
      settings: { theme: "light" },
    });
    await expectTrueRaster(page, "drawing.json", rows);
    await expectLoneNanosecond(page, lone);
    await expectColorings(page, rows);
  });

  test.skipIf(chromiumSkipReason() !== null)("in Chromium", async () => {
    const { rows, lone } = makeDrawing();
    const file = await writeTrace("drawing.json", rows.flat());
    const host = await startWebHost({
      rendererDir: join(repositoryFolder, "dist/renderer"),
      files: [file],
      settings: { theme: "light" },
    });
    onTestFinished(() => host.close());
    const { chromium: setup, flags } = inject("windowSetup");
    const browser = await chromium.launch({ executablePath: setup.executable, args: [...flags] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
    await page.goto(host.url);
    await expectTrueRaster(page, "drawing.json", rows);
    await expectLoneNanosecond(page, lone);
    await expectColorings(page, rows);
  });
});
