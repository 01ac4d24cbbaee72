import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import { stubOpenDialog, stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const slowMs = 120_000;
/** A task this long would be felt as a stop; the machine of a test run may be busy, so the limit is loose. */
const longestTaskMs = 400;

/** Opens the profile view with the student force field, so and so many batches, a short time each. */
async function openProfile(page: Page, batches: string, seconds: string): Promise<void> {
  await page.getByRole("button", { name: "Profile", exact: true }).click();
  await page.getByRole("textbox", { name: "Batch" }).fill(batches);
  await page.getByText("More options").click();
  await page.getByRole("textbox", { name: "Time", exact: true }).fill(seconds);
}

async function startRun(page: Page): Promise<void> {
  await page.keyboard.press("F5");
  await page.getByRole("button", { name: "Stop" }).waitFor();
}

const savedButton = (page: Page) => page.getByRole("button", { name: "Save results…" });

async function waitForEnd(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start" }).waitFor({ timeout: slowMs });
}

/** The longest task of the page since it was asked to watch, ms. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const seen = { longestMs: 0 };
    (globalThis as { seenTasks?: typeof seen }).seenTasks = seen;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longestMs = Math.max(seen.longestMs, duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  return () => page.evaluate(() => (globalThis as { seenTasks?: { longestMs: number } }).seenTasks?.longestMs ?? 0);
}

describe.skipIf(windowSkipReason() !== null)("the profile view", () => {
  test(
    "runs the student force field, shows its spans while it runs, and tells what it computes",
    async () => {
      const { page } = await launchAppInTest();
      await openProfile(page, "1, 4", "1");
      const longestTask = await watchTasks(page);
      await startRun(page);
      await page.getByRole("application", { name: /^Timeline of #1 student/u }).waitFor();
      await page.getByText("Still running: more spans will appear.").waitFor();
      await waitForEnd(page);
      expect(await longestTask()).toBeLessThan(longestTaskMs);

      const results = page.getByRole("grid", { name: "Results of the run" });
      await results.getByRole("row").filter({ hasText: "fast" }).first().waitFor();
      // A head, and two variants at two batches.
      expect(await results.getByRole("row").count()).toBe(5);
      await page.getByRole("radio", { name: "Accuracy" }).click();
      const accuracy = page.getByRole("table", { name: "Accuracy of each configuration" });
      expect(await accuracy.getByText("✓ within").count()).toBe(4);

      await page.getByRole("button", { name: "Open the trace" }).click();
      await page.getByRole("tab", { name: "Top" }).waitFor();
      await page
        .getByRole("gridcell", { name: /session\.run/u })
        .first()
        .waitFor();
    },
    slowMs,
  );

  test(
    "stops when it is told to and keeps what was measured",
    async () => {
      const { page } = await launchAppInTest();
      // Steps of a second each: nothing has settled when the first rows appear.
      await openProfile(page, "64, 128, 256", "600");
      await startRun(page);
      await page.getByRole("row").filter({ hasText: "naive" }).first().waitFor({ timeout: slowMs });
      await page.keyboard.press("Shift+F5");
      const startMs = performance.now();
      await page.getByText(/\d stopped early/u).waitFor();
      const stopMs = performance.now() - startMs;
      console.log(`stopped ${stopMs.toFixed(0)} ms after the key`);
      expect(stopMs).toBeLessThan(5000);
      await page.getByRole("row").filter({ hasText: "stopped before it was settled" }).first().waitFor();
    },
    slowMs,
  );

  test(
    "draws the scaling of a batch sweep, exports it, and opens saved results again",
    async () => {
      const { app, page } = await launchAppInTest();
      const folder = await createTemporaryFolder();
      await stubSaveDialog(app, folder);
      await openProfile(page, "1, 2, 4, 8", "1");
      await startRun(page);
      await waitForEnd(page);
      await savedButton(page).click();
      const announced = page.getByText(/^Report saved as /u);
      await announced.waitFor({ state: "attached" });
      const file = ((await announced.textContent()) ?? "").replace("Report saved as ", "");
      const report = JSON.parse(await readFile(join(folder, file), "utf8")) as BenchReport;
      expect(report).toMatchObject({ per: "structure" });
      for (const result of report.results) expect(result).toMatchObject(result.options);
      expect(report.results).toHaveLength(8);
      for (const { outcome, samplesMs, medianMs } of report.results) {
        expect(outcome).toBe("measured");
        expect(samplesMs.length).toBeGreaterThan(3);
        expect(medianMs).toBeGreaterThan(0);
      }

      await page.getByRole("button", { name: "Scaling", exact: true }).last().click();
      const chart = page.getByRole("application", { name: /^Time per structure over batch/u });
      await chart.waitFor();
      await page
        .getByText(/per structure|Time grows as batch/u)
        .first()
        .waitFor();
      for (const [entry, check] of [
        ["Save as SVG…", (bytes: Buffer) => bytes.toString().startsWith("<svg")],
        ["Save as PNG…", (bytes: Buffer) => bytes.subarray(1, 4).toString() === "PNG"],
        ["Save numbers as CSV…", (bytes: Buffer) => bytes.toString().split("\n").length > 8],
      ] as const) {
        await page.getByRole("button", { name: /^Export/u }).click();
        await page.getByRole("menuitem", { name: entry }).click();
        const ending = /SVG|PNG|CSV/u.exec(entry)?.[0].toLowerCase() ?? "";
        await page.getByText(new RegExp(`saved as .*\\.${ending}$`, "u")).waitFor({ state: "attached" });
        expect(check(await readFile(join(folder, `student-batch-perItem.${ending}`)))).toBe(true);
      }

      await stubOpenDialog(app, [join(folder, file)]);
      await page.getByRole("button", { name: "Open results…" }).click();
      await expect
        .poll(() =>
          page
            .getByRole("combobox", { name: "Results" })
            .evaluate((box: HTMLSelectElement) => box.selectedOptions[0]?.text),
        )
        .toBe(file);
      await chart.waitFor();

      // The run is still there: its curves beside those of the file, and off again.
      const table = page.getByRole("table", { name: "Fits of the curves" });
      const curves = await table.getByRole("row").count();
      await page.getByRole("combobox", { name: "Compare with" }).selectOption({ index: 1 });
      await expect.poll(() => table.getByRole("row").count()).toBe(2 * curves - 1);
      await page.getByRole("button", { name: /^Take #1 .* off the chart$/u }).click();
      await expect.poll(() => table.getByRole("row").count()).toBe(curves);
    },
    slowMs,
  );

  test(
    "offers a software adapter as what it is, and runs on it",
    async () => {
      const { page } = await launchAppInTest({ env: { DELTAFLAME_SOFTWARE_GPU: "1" } });
      await page.getByRole("button", { name: "Profile", exact: true }).click();
      const webgpu = page.getByRole("checkbox", { name: /WebGPU/u });
      await webgpu.waitFor({ timeout: slowMs });
      await page.getByText("SwiftShader (Vulkan on the CPU): correct, no measure of a GPU").waitFor();
      expect(await page.getByRole("checkbox", { name: /CUDA/u }).isDisabled()).toBe(true);
      await page.getByText("npm run engine:ort-cuda adds it.").first().waitFor();

      await webgpu.check();
      await page.getByRole("checkbox", { name: /^ONNX Runtime, CPU/u }).uncheck();
      await page.getByRole("checkbox", { name: /^Naive\s?The formulas/u }).uncheck();
      await page.getByRole("textbox", { name: "Batch" }).fill("1");
      await startRun(page);
      const row = page.getByRole("grid", { name: "Results of the run" }).getByRole("row").filter({ hasText: "fast" });
      await row.waitFor({ timeout: slowMs });
      // The checks of the whole run would take a minute on such an adapter.
      await page.keyboard.press("Shift+F5");
      await page.getByText("1 stopped early").waitFor();
      // Once above the rows, which have it in common.
      await page
        .getByText("onnxruntime-webgpu · SwiftShader (Vulkan on the CPU), software, no measure of a GPU · float32")
        .waitFor();
      // On a busy machine a step there takes longer than a stop may.
      expect(await row.textContent()).toMatch(/stopped before it was settled|ended by force/u);
    },
    slowMs,
  );
});
