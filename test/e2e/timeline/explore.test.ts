import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dropFiles, stubOpenDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { type DrawnSpan, timelineOf, waitForSelected, waitForView, writeTrace } from "./drive-timeline.ts";

/** Ten forward passes of 900 µs, in each a matmul of 300 µs: on the screen 1 ms is a tenth of the width. */
const training: readonly DrawnSpan[] = Array.from({ length: 10 }, (_, index) => [
  { name: `forward ${index}`, startUs: index * 1000, durationUs: 900 },
  { name: "matmul", startUs: index * 1000 + 100, durationUs: 300 },
]).flat();

/** Middle of the first and second row below the header of the process, px. */
const firstRowPx = 22 + 9;
const secondRowPx = 22 + 18 + 9;

describe.skipIf(windowSkipReason() !== null)("a trace opens", () => {
  test("from the command line", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("argument.json", training)] });
    await timelineOf(page, "argument.json");
    await page.getByRole("treeitem", { name: /20 spans/u }).waitFor();
  });

  test("from the dialog", async () => {
    const { app, page } = await launchAppInTest();
    await stubOpenDialog(app, [await writeTrace("chosen.json", training)]);
    await page.getByRole("button", { name: "Open files…" }).click();
    await timelineOf(page, "chosen.json");
  });

  test("when it is dropped on the window", async () => {
    const { page } = await launchAppInTest();
    await page.getByRole("button", { name: "Open files…" }).waitFor();
    await dropFiles(page, [await writeTrace("dropped.json", training)], { x: 500, y: 300 });
    await timelineOf(page, "dropped.json");
  });
});

describe.skipIf(windowSkipReason() !== null)("a deep trace", () => {
  test("has a flame graph that is drawn where it is looked at, and a filter that says what it did not find", async () => {
    const depth = 3000;
    const spans = Array.from({ length: depth }, (_, level) => ({
      name: `frame ${level}`,
      startUs: 0,
      durationUs: 2 * depth - level,
    }));
    const { page } = await launchAppInTest({ files: [await writeTrace("deep.json", spans)] });
    await timelineOf(page, "deep.json");
    await page.getByRole("tab", { name: "Flame graph" }).click();
    const flame = page.getByRole("application", { name: /^Flame graph/u });
    const canvas = flame.locator("canvas");
    const box = await canvas.boundingBox();
    expect(box?.height).toBeLessThan(1000);
    await flame.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const middle = { x: 300, y: (box?.height ?? 0) - 10 };
    await canvas.hover({ position: middle });
    await flame.getByText(`frame ${depth - 1}`).waitFor();
    const colors = await canvas.evaluate((element: HTMLCanvasElement, { x, y }) => {
      const pixels = element.getContext("2d")?.getImageData(x * devicePixelRatio, y * devicePixelRatio - 6, 1, 1);
      return pixels?.data[3];
    }, middle);
    expect(colors).toBe(255);

    await page.getByPlaceholder("Filter tracks").fill("nobody");
    await page.getByText("No track matches “nobody”").waitFor();
  });
});

describe.skipIf(windowSkipReason() !== null)("the timeline", () => {
  test("zooms at the pointer, goes back, and shows the whole trace again", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("zoom.json", training)] });
    const timeline = await timelineOf(page, "zoom.json");
    const box = await timeline.boundingBox();
    if (box === null) throw new Error("the timeline has no place");
    await page.mouse.move(box.x + box.width / 2, box.y + firstRowPx);
    await page.keyboard.down("Control");
    for (let notch = 0; notch < 8; notch++) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    // 9.9 ms by 1.25 to the eighth; the middle stays in the middle.
    const zoomed = await waitForView(page, /1\.6\d\sms wide/u);
    expect(zoomed).toMatch(/Showing 4\.1\d/u);
    await timeline.focus();
    await page.keyboard.press("d");
    await waitForView(page, /Showing 4\.2\d/u);
    await page.keyboard.press("0");
    await waitForView(page, /9\.90\sms wide/u);
  });

  test("selects with a click, moves with the arrows, and clears with Escape", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("select.json", training)] });
    const timeline = await timelineOf(page, "select.json");
    const { width } = (await timeline.boundingBox()) ?? { width: 0 };
    await timeline.click({ position: { x: width * 0.23, y: secondRowPx } });
    await waitForSelected(page, /^matmul, 300\s/u);
    await timeline.focus();
    await page.keyboard.press("ArrowUp");
    await waitForSelected(page, /^forward 2, 900\s/u);
    await page.keyboard.press("ArrowRight");
    await waitForSelected(page, /^forward 3, 900\s/u);
    await page.keyboard.press("ArrowDown");
    await waitForSelected(page, /^matmul, /u);
    await page.keyboard.press("Escape");
    await page.getByText("No span is selected.").waitFor({ state: "attached" });
  });

  test("says what lies under the pointer, beside it", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("hover.json", training)] });
    const timeline = await timelineOf(page, "hover.json");
    const { width = 0, y = 0 } = (await timeline.boundingBox()) ?? {};
    await timeline.hover({ position: { x: width * 0.55, y: firstRowPx } });
    const tooltip = timeline.locator('[aria-hidden="true"]').filter({ hasText: "forward 5" });
    await tooltip.waitFor();
    expect(await tooltip.textContent()).toMatch(/900\sµs.*600\sµs/u);
    const place = await tooltip.boundingBox();
    expect(place === null || place.y >= y + firstRowPx + 9 || place.y + place.height <= y + firstRowPx - 9).toBe(true);
  });

  test("finds spans and walks them", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("search.json", training)] });
    await timelineOf(page, "search.json");
    const field = page.getByRole("textbox", { name: "Search spans" });
    await field.fill("matmul");
    await page.getByRole("search").getByText("10").waitFor();
    await field.press("Enter");
    await page.getByRole("search").getByText("1 of 10").waitFor();
    await waitForSelected(page, /^matmul, /u);
    await field.press("Enter");
    await page.getByRole("search").getByText("2 of 10").waitFor();
  });

  const twoHundredThreads = Array.from({ length: 200 }, (_, index) => ({
    name: `work of ${index + 1}`,
    startUs: 0,
    durationUs: 100,
    thread: index + 1,
  }));

  test.each([
    ["tracks further down", firstRowPx, ""],
    ["pinned tracks that are taller than their place", firstRowPx - 22, "x"],
  ])("scrolls to %s, names and rows together", async (_what, fromPx, key) => {
    const { page } = await launchAppInTest({ files: [await writeTrace("many.json", twoHundredThreads)] });
    const timeline = await timelineOf(page, "many.json");
    const { width = 0, x = 0, y = 0 } = (await timeline.boundingBox()) ?? {};
    await timeline.hover({ position: { x: width / 2, y: fromPx } });
    if (key !== "") await page.keyboard.press(key);
    await page.mouse.wheel(0, 3200);
    const name = page.getByRole("treeitem", { name: /^thread 150\b/u });
    const topPx = async (): Promise<number> => ((await name.boundingBox())?.y ?? -1) - y;
    await expect.poll(async () => (await topPx()) > 0 && (await topPx()) < 150).toBe(true);
    const place = await name.boundingBox();
    await timeline.hover({ position: { x: width / 2, y: (place?.y ?? 0) - y + firstRowPx - 22 } });
    await timeline.locator('[aria-hidden="true"]').filter({ hasText: "work of 150" }).waitFor();
    const edge = page.getByRole("separator", { name: "Width of the track names" });
    const edgePx = await edge.evaluate(
      (each) => each.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(each, "::after").right),
    );
    // On the first pixel of the tracks it would hide what begins the trace.
    expect(edgePx).toBeLessThanOrEqual(x);
  });

  test("folds, hides and brings back tracks from the keyboard", async () => {
    const { page } = await launchAppInTest({ files: [await writeTrace("tracks.json", training)] });
    await timelineOf(page, "tracks.json");
    const tree = page.getByRole("tree", { name: "2 tracks" });
    const process = page.getByRole("treeitem", { expanded: true }).first();
    await tree.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("treeitem", { expanded: false }).first().waitFor();
    await page.keyboard.press("ArrowRight");
    await process.waitFor();
    await page.keyboard.press("h");
    await page.getByRole("button", { name: /1 hidden/u }).click();
    await process.waitFor();
  });
});

describe.skipIf(windowSkipReason() !== null)("a file that is no trace, or not yet", () => {
  test("is refused with the reason, and the window goes on", async () => {
    const path = join(await createTemporaryFolder(), "broken.json");
    await writeFile(path, "<!doctype html><title>Sign in</title>");
    const { page } = await launchAppInTest({ files: [path, await writeTrace("fine.json", training)] });
    await page.getByRole("heading", { name: "broken.json cannot be read" }).waitFor();
    await page.getByText("fine.json").first().click();
    await timelineOf(page, "fine.json");
  });

  test("can be cancelled while it is read, and read again", async () => {
    const path = join(await createTemporaryFolder(), "large.json");
    await writeLargeTrace(path, 5_000_000);
    const { page } = await launchAppInTest({ files: [path] });
    // With the timeline the button comes to its place. By key: a click would wait until nothing around it moves any more.
    await page.getByRole("application", { name: "Timeline of large.json" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).press("Enter");
    await page.getByRole("heading", { name: "Reading large.json was cancelled" }).waitFor();
    await page.getByRole("button", { name: /again/iu }).click();
    await page.getByRole("application", { name: "Timeline of large.json" }).waitFor();
  });
});

/** Some 100 bytes a span: long enough to be cancelled on a fast machine. */
async function writeLargeTrace(path: string, spans: number): Promise<void> {
  const out = createWriteStream(path);
  out.write("[");
  for (let span = 0; span < spans; span += 1000) {
    const lines = Array.from(
      { length: 1000 },
      (_, index) =>
        `{"ph":"X","pid":1,"tid":1,"cat":"cpu_op","name":"aten::op_${index % 50}","ts":${(span + index) * 3},"dur":2,"args":{"index":${index}}}`,
    );
    if (!out.write(`${lines.join(",\n")}${span + 1000 < spans ? ",\n" : ""}`)) await once(out, "drain");
  }
  out.end("]");
  await once(out, "finish");
}
