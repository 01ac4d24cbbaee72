import { describe, expect, test } from "vitest";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { timelineOf, waitForSelected, writeTrace } from "./drive-timeline.ts";

const blocks = Array.from({ length: 40 }, (_, index) => ({
  name: `block ${index}`,
  startUs: index * 1000,
  durationUs: 900,
}));

describe.skipIf(windowSkipReason() !== null)("bookmarks", () => {
  test("are set by key and on the ruler, named, jumped to, deleted and brought back, and there again after a restart", async () => {
    const options = {
      files: [await writeTrace("marked.json", blocks)],
      profile: await createTemporaryFolder(),
      env: { XDG_DATA_HOME: await createTemporaryFolder() },
    };
    const first = await launchAppInTest(options);
    const { page } = first;
    const timeline = await timelineOf(page, "marked.json");
    await timeline.focus();
    await page.keyboard.press("ArrowRight");
    await waitForSelected(page, /^block 0/);
    await page.keyboard.press("k");
    const field = page.getByRole("textbox", { name: "Label of the bookmark" });
    await field.waitFor();
    expect(await field.inputValue()).toBe("block 0");
    await page.keyboard.type("warm-up");
    await page.keyboard.press("Enter");
    const list = page.getByRole("tabpanel", { name: "Bookmarks" });
    await list.getByRole("button", { name: "warm-up", exact: true }).waitFor();

    // The keys are the timeline's again.
    await page.keyboard.press("Escape");
    const ruler = await page.locator('[data-part="axis"]').boundingBox();
    if (ruler === null) throw new Error("no ruler");
    await page.mouse.dblclick(ruler.x + ruler.width * 0.75, ruler.y + ruler.height / 2);
    await field.waitFor();
    await page.keyboard.press("Escape");
    await list.getByRole("button", { name: "Bookmark 2", exact: true }).waitFor();
    await page.mouse.move(ruler.x + ruler.width / 2, ruler.y + 200);

    for (let zoom = 0; zoom < 6; zoom++) await page.keyboard.press("w");
    await page.keyboard.press("j");
    expect(await list.locator('[aria-current="true"]').textContent()).toContain("warm-up");
    await page.keyboard.press("j");
    await expect.poll(() => list.locator('[aria-current="true"]').textContent()).toContain("Bookmark 2");

    await list.getByRole("button", { name: "Delete Bookmark 2" }).click();
    await expect.poll(() => list.getByRole("button", { name: "Bookmark 2", exact: true }).count()).toBe(0);
    await list.getByRole("button", { name: "Undo" }).click();
    await list.getByRole("button", { name: "Bookmark 2", exact: true }).waitFor();
    await first.close();

    const second = await launchAppInTest(options);
    await timelineOf(second.page, "marked.json");
    await second.page.getByRole("tab", { name: "Bookmarks" }).click();
    const kept = second.page.getByRole("tabpanel", { name: "Bookmarks" });
    await kept.getByRole("button", { name: "warm-up", exact: true }).waitFor();
    await kept.getByRole("button", { name: "Bookmark 2", exact: true }).waitFor();
  });
});
