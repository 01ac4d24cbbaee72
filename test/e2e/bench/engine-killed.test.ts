import { describe, expect, test } from "vitest";
import { findEnginePid } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";

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
