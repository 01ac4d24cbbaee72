import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";

const slowMs = 180_000;

async function openOptimizer(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Profile", exact: true }).click();
  await page.getByRole("combobox", { name: "Workload" }).selectOption({ label: "Streaming optimizer" });
}

const setPoints = (page: Page, points: number): Promise<void> =>
  page.getByRole("textbox", { name: "Points" }).fill(String(points));

/** The name of a check box goes on with its note. */
const tick = (page: Page, title: string): Promise<void> =>
  page
    .getByRole("checkbox", { name: new RegExp(`^${title}`, "u") })
    .first()
    .click();

async function start(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
}

const waitForEnd = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Start" }).waitFor({ timeout: slowMs });

describe.skipIf(windowSkipReason() !== null)("the streaming optimizer in the profile view", () => {
  test(
    "fits a million points and shows parameters with intervals, the cost and the passes",
    async () => {
      const { page } = await launchAppInTest();
      await openOptimizer(page);
      await setPoints(page, 1_000_000);
      await start(page);
      await waitForEnd(page);
      await page.getByText("1 measured").waitFor();
      const parameters = page.getByRole("table", { name: "Parameters" });
      expect(await parameters.getByRole("row").count()).toBe(9);
      // The truth is 0.3; the interval is a few 1e-4 wide.
      await parameters
        .getByRole("row")
        .filter({ hasText: "contrast" })
        .getByText(/^0\.300/u)
        .waitFor();
      expect(await parameters.getByText(/^\[.*, .*\]$/u).count()).toBe(9);
      await page.getByRole("application", { name: /^Cost/u }).waitFor();
      await page.getByText("Fit", { exact: true }).last().click();
      await page.getByRole("combobox", { name: "Map" }).selectOption({ index: 3 });
      for (const title of ["Measured g₂", "Model", "Residual, σ"])
        await page.getByRole("img", { name: new RegExp(`^${title}: 80 × 80 cells`, "u") }).waitFor();
      await page.getByRole("img", { name: /^Measured/u }).hover({ position: { x: 110, y: 90 } });
      await page.getByText(/^t₁ \S+\ss, t₂ \S+\ss: measured \S+, model \S+, residual \S+\sσ$/u).waitFor();
      await page.getByRole("button", { name: "Open the trace" }).click();
      await page.getByRole("tab", { name: "Top" }).waitFor();
      await page
        .getByRole("gridcell", { name: /io\.read|kernel|pass/u })
        .first()
        .waitFor();
    },
    slowMs,
  );

  test(
    "stops and goes on where it stopped",
    async () => {
      const { page } = await launchAppInTest();
      await openOptimizer(page);
      await setPoints(page, 1_000_000);
      await tick(page, "Resumable");
      // Nine passes of a second or more instead of four of a few hundredths, so that there is time to stop.
      await page.getByText("More options").click();
      await tick(page, "None");
      await tick(page, "As the variant has it");
      await page.getByRole("checkbox", { name: /^TensorFlow.js, CPU, WebAssembly/u }).check();
      await tick(page, "Deltaflame kernel, WebAssembly SIMD, float64");
      await start(page);
      // Phase 2 has a checkpoint after its first pass; a later one is on its way.
      await page.getByText(/\(3 of 4\), pass [2-9]/u).waitFor({ timeout: slowMs });
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("1 stopped early").waitFor({ timeout: slowMs });
      const kept = page.getByRole("region", { name: "Kept for later" });
      const stopped = kept.getByRole("listitem").first();
      await stopped.getByText(/^laminar, 1\s004\s663 points, fused, tfjs-wasm$/u).waitFor();
      await stopped.getByText(/^iteration \d+, cost [\d\s.]+, \d+ pass(?:es)?, /u).waitFor();
      await stopped.getByRole("button", { name: "Go on" }).click();
      await page.getByText("resumed from a checkpoint").waitFor({ timeout: slowMs });
      await waitForEnd(page);
      await page.getByText("1 measured").waitFor();
    },
    slowMs,
  );

  test(
    "runs both sides of a before/after case, with the ratio and what the trace shows",
    async () => {
      const { page } = await launchAppInTest();
      await openOptimizer(page);
      await setPoints(page, 100_000);
      await tick(page, "Fused");
      await page.getByText("More variants").click();
      await tick(page, "three passes");
      await tick(page, "one fused pass");
      await start(page);
      await waitForEnd(page);
      await page.getByText("2 measured").waitFor();
      // Which side is quicker is for a quiet machine to say.
      await page.getByText(/^[\d.]+× \[[\d.]+, [\d.]+\]$/u).waitFor();
      expect(await page.getByText("blocks", { exact: true }).count()).toBe(1);
      await page.getByText(/The pass spans carry a short name/u).waitFor();
    },
    slowMs,
  );

  test(
    "runs early passes on the WebGPU of the window, labelled as the software that it is, and the last ones in float64",
    async () => {
      const { page } = await launchAppInTest({ env: { DELTAFLAME_SOFTWARE_GPU: "1" } });
      await openOptimizer(page);
      await setPoints(page, 100_000);
      const webgpu = page.getByRole("checkbox", { name: /^TensorFlow.js, WebGPU/u });
      await expect.poll(() => webgpu.isEnabled(), { timeout: slowMs }).toBe(true);
      await page
        .getByText(/(?:SwiftShader|Software adapter).*: correct, no measure of a GPU/iu)
        .first()
        .waitFor();
      await webgpu.check();
      await page.getByRole("checkbox", { name: /^Deltaflame kernel, WebAssembly/u }).uncheck();
      await start(page);
      await waitForEnd(page);
      await page.getByText("1 measured").waitFor();
      await page.getByText("Results", { exact: true }).click();
      // Once above the rows, which have it in common.
      await page.getByText(/^tfjs-webgpu · .*, software, no measure of a GPU · float32/u).waitFor();
    },
    slowMs,
  );

  test(
    "says why there is no WebGPU where the window has none",
    async ({ skip }) => {
      const { page } = await launchAppInTest();
      await openOptimizer(page);
      const webgpu = page.getByRole("checkbox", { name: /^TensorFlow.js, WebGPU/u });
      await webgpu.waitFor({ timeout: slowMs });
      if (await webgpu.isEnabled()) return skip("this machine has a WebGPU adapter");
      await page
        .getByText(/no WebGPU adapter/u)
        .first()
        .waitFor();
    },
    slowMs,
  );
});
