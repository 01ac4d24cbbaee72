import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { stubOpenDialog } from "../../harness/drive-app.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";

describe.skipIf(windowSkipReason() !== null)("findings in the window", () => {
  test("name the loss of a trace, and lead to the spans that show it", async () => {
    const { app, page } = await launchAppInTest();
    await page.getByRole("button", { name: "Findings", exact: true }).click();
    await page.getByText("No trace to look at").waitFor();

    await stubOpenDialog(app, [join(repositoryFolder, "traces/samples/training-before.pt.trace.json.gz")]);
    await page.keyboard.press("Control+o");
    await page.getByRole("application", { name: /^Timeline of training-before/u }).waitFor();
    await page.keyboard.press("Control+Shift+F");
    const list = page.getByRole("listbox", { name: "Findings, largest saving first" });
    await list.getByRole("option", { name: "Input arrives too late" }).waitFor();
    const detail = page.getByRole("region", { name: "Input arrives too late" });
    expect(await detail.textContent()).toMatch(/Each step waits 7\.\d\d\sms \(3\d\.\d\s%\) for its input/u);

    const evidence = page.getByRole("grid", { name: "Evidence" });
    await evidence.getByRole("row").nth(1).click();
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("heading", { name: /^enumerate\(DataLoader\)/u }).waitFor();
  });
});
