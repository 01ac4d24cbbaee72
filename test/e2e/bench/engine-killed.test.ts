import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import { findEnginePid, stubSaveDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const slowMs = 120_000;

describe.skipIf(windowSkipReason() !== null)("a run whose engine is killed", () => {
  test(
    "has failed, keeps the results it had told of, and the next one runs in a new engine",
    async () => {
      const { app, page } = await launchAppInTest();
      await page.getByRole("button", { name: "Profile", exact: true }).click();
      await page.getByRole("textbox", { name: "Batch" }).fill("1, 256");
      await page.getByText("More options").click();
      await page.getByRole("textbox", { name: "Time", exact: true }).fill("0.3");
      await page.keyboard.press("F5");
      const results = page.getByRole("grid", { name: "Results of the run" });
      const first = results.getByRole("row").filter({ hasText: "ms" }).first();
      await first.waitFor({ timeout: slowMs });
      await page.getByRole("button", { name: "Stop" }).waitFor();
      const pid = await findEnginePid(app);
      process.kill(pid ?? 0, "SIGKILL");

      await page.getByText("The engine has ended.").waitFor();
      await page
        .getByText(/It ended unexpectedly.*Runs keep the results they had told of; their spans are lost\./u)
        .waitFor();
      await page.getByText("Failed: the engine has ended", { exact: true }).waitFor();
      expect(await first.isVisible()).toBe(true);
      const kept = await first.textContent();
      // Also into a file, where it says what it is.
      const folder = await createTemporaryFolder();
      await stubSaveDialog(app, folder);
      await page.getByRole("button", { name: "Save results…" }).click();
      await vi.waitUntil(async () => (await readdir(folder)).some((file) => file.endsWith(".json")));
      const [name = ""] = await readdir(folder);
      expect(name).toMatch(/^student-.*-cut-\d{8}-\d{6}\.json$/u);
      const saved = JSON.parse(await readFile(join(folder, name), "utf8")) as BenchReport;
      expect(saved.results.some(({ medianMs }) => medianMs !== null)).toBe(true);
      expect(saved.results.map(({ outcome }) => outcome)).toEqual(saved.results.map(() => "stopped"));
      expect(saved.results[0]?.reason).toMatch(/^cut off: /u);
      // Nothing can run now, and nothing pretends to.
      expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);

      await page.getByRole("button", { name: "Start again" }).click();
      await page.getByText("The engine has ended.").waitFor({ state: "detached" });
      expect(await findEnginePid(app)).not.toBe(pid);
      expect(await first.textContent()).toBe(kept);
      await page.getByRole("textbox", { name: "Batch" }).fill("1");
      await page.keyboard.press("F5");
      await page.getByRole("application", { name: /^Timeline of #2 student/u }).waitFor({ timeout: slowMs });
      await page.getByRole("button", { name: "Start" }).waitFor({ timeout: slowMs });
      await page
        .getByText(/2 measured/u)
        .first()
        .waitFor();
    },
    slowMs,
  );
});
