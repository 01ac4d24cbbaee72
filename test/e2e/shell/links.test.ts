import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElectronApplication, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { stubMessageBox } from "../../harness/drive-app.ts";
import { launchAppInTest, type LaunchedApp, windowSkipReason } from "../../harness/launch-app.ts";
import { refusalOf } from "../../harness/shell-calls.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { timelineOf, waitForSelected, waitForView, writeTrace } from "../timeline/drive-timeline.ts";

const blocks = Array.from({ length: 40 }, (_, index) => ({
  name: `block ${index}`,
  startUs: index * 1000,
  durationUs: 900,
}));

const clipboardOf = (app: ElectronApplication): Promise<string> =>
  app.evaluate(({ clipboard }) => clipboard.readText());

async function openLink(page: Page, link: string): Promise<void> {
  await page.getByRole("button", { name: "All commands" }).waitFor();
  await page.keyboard.press("Control+l");
  await page.getByRole("textbox", { name: "Link to a view" }).fill(link);
  await page.keyboard.press("Enter");
}

/** The link to what is on the screen now: the same file, time and selection. */
async function expectSameLink({ app, page }: LaunchedApp, link: string): Promise<void> {
  await app.evaluate(({ clipboard }) => clipboard.writeText(""));
  await expect
    .poll(async () => {
      await page.keyboard.press("l");
      return await clipboardOf(app);
    })
    .toBe(link);
}

describe.skipIf(windowSkipReason() !== null)("links to views", () => {
  test("restore file, time and selection, on the command line too; other files only with consent, none that changed", async () => {
    const file = await writeTrace("linked.json", blocks);
    const profile = await createTemporaryFolder();
    const env = { XDG_DATA_HOME: await createTemporaryFolder() };
    const first = await launchAppInTest({ files: [file], profile, env });
    const timeline = await timelineOf(first.page, "linked.json");
    await timeline.focus();
    for (let at = 0; at < 3; at++) {
      await first.page.keyboard.press("ArrowRight");
      await waitForSelected(first.page, new RegExp(`^block ${at}`));
    }
    await first.page.keyboard.press("f");
    await waitForView(first.page, /wide$/);
    await first.page.keyboard.press("l");
    await expect
      .poll(() => clipboardOf(first.app))
      .toMatch(/^deltaflame:\/\/view\?file=\/.*linked\.json&content=[0-9a-f]{64}/);
    const link = await clipboardOf(first.app);
    expect(link).toMatch(/&span=\d+,0,2000000,900000$/);
    await first.close();

    // The user has opened this file before: nothing to ask.
    const second = await launchAppInTest({ files: [link], profile, env });
    await timelineOf(second.page, "linked.json");
    await waitForSelected(second.page, /^block 2/);
    await expectSameLink(second, link);
    await second.close();

    const third = await launchAppInTest({ env });
    const refused = await stubMessageBox(third.app, 1);
    await openLink(third.page, link);
    await expect.poll(refused).toEqual(["Open linked.json?"]);
    expect(await third.page.getByRole("application").count()).toBe(0);
    await stubMessageBox(third.app, 0);
    await third.page.keyboard.press("Control+k");
    await third.page.keyboard.insertText(link);
    await third.page.getByRole("option", { name: "Open this link" }).waitFor();
    await third.page.keyboard.press("Enter");
    await timelineOf(third.page, "linked.json");
    await waitForSelected(third.page, /^block 2/);

    // A tab with the content is gone to, wherever the link says that it lies.
    await third.page.keyboard.press("0");
    await waitForView(third.page, /39\.9.ms wide/);
    await openLink(third.page, link.replace("linked.json", "elsewhere.json"));
    await expect.poll(() => third.page.getByText("The view of the link is restored").count()).toBeGreaterThan(0);
    await expectSameLink(third, link);
    await third.close();
  });

  test("say what is missing: the file, its content, a part of the link", async () => {
    const folder = await createTemporaryFolder();
    const file = join(folder, "moved.json");
    await copyFile(await writeTrace("linked.json", blocks), file);
    const env = { XDG_DATA_HOME: await createTemporaryFolder() };
    const { app, page } = await launchAppInTest({ env });
    await stubMessageBox(app, 0);
    const link = `deltaflame://view?file=${file}&content=${"0".repeat(64)}&view=0,5000`;
    await openLink(page, link);
    await timelineOf(page, "moved.json");
    await page.getByText("moved.json has other contents than when the link was made").first().waitFor();

    await rm(file);
    await openLink(page, link);
    await page
      .getByText("moved.json, the file of the link, cannot be opened: the file does not exist")
      .first()
      .waitFor();

    await page.keyboard.press("Control+l");
    await page.getByRole("textbox", { name: "Link to a view" }).fill(link.slice(0, -10));
    await page.keyboard.press("Enter");
    await page.getByText("the numbers behind “view” cannot be right").waitFor();
    await page.keyboard.press("Escape");
    // The shell reads links by itself: what the window makes of them does not matter.
    expect(await refusalOf(page, "link.open", { text: "deltaflame://view?file=//host/share" })).toContain(
      "no file of this machine",
    );
    await writeFile(file, "x");
    expect(await refusalOf(page, "link.open", { text: `${link}&more=1` })).toContain("not known");
  });
});
