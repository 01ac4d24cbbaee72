import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { readThemePalette } from "../../fixtures/theme-palette.ts";
import { stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { timelineOf } from "./drive-timeline.ts";

const sample = "training-step-gpu.pt.trace.json.gz";

async function runFromPalette(page: Page, title: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
}

describe.skipIf(windowSkipReason() !== null)("a view of the timeline", () => {
  test("is saved as pixels and as an SVG whose colors are light and whose names are text", async () => {
    const folder = await createTemporaryFolder();
    const { app, page } = await launchAppInTest({
      files: [join(repositoryFolder, "traces/samples", sample)],
      settings: { theme: "dark" },
    });
    await stubSaveDialog(app, folder);
    await timelineOf(page, sample);
    const names = page.locator('[data-part="scrolled-tree"] [data-name]');
    await names.first().waitFor();

    await runFromPalette(page, "timeline as a picture");
    await page.getByText(`Picture saved as ${sample}.png`).waitFor({ state: "attached" });
    const png = await readFile(join(folder, `${sample}.png`));
    expect(png.subarray(1, 4).toString()).toBe("PNG");

    await runFromPalette(page, "timeline as a drawing");
    await page.getByText(`Picture saved as ${sample}.svg`).waitFor({ state: "attached" });
    const svg = await readFile(join(folder, `${sample}.svg`), "utf8");
    const found = await page.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      return {
        tag: root.tagName,
        texts: [...root.querySelectorAll("text")].map(({ textContent }) => textContent),
        fills: [...root.querySelectorAll("rect")].map((rect) => rect.getAttribute("fill")),
        images: root.querySelectorAll("image").length,
      };
    }, svg);
    expect(found.tag).toBe("svg");
    expect(found.images).toBe(0);
    const shownName = (await names.first().textContent()) ?? "";
    for (const part of [sample, shownName, "Color: kind"]) expect(found.texts).toContain(part);
    const light = readThemePalette("light");
    const dark = readThemePalette("dark");
    expect(found.fills[0]).toBe(light.css.surfacePanel);
    expect(found.fills).not.toContain(dark.css.surfacePanel);
    expect(svg.length).toBeLessThan(5_000_000);
  });
});
