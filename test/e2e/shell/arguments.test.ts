import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { launchAppInTest, requireWindowSetup, windowEnvironment, windowSkipReason } from "../../harness/launch-app.ts";
import { askShell, listenToShell } from "../../harness/shell-calls.ts";
import { writeSmallTrace } from "../../harness/small-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

describe.skipIf(windowSkipReason() !== null)("files of the command line", () => {
  test("come to the page once, without what is no file", async () => {
    const folder = await createTemporaryFolder();
    const file = await writeSmallTrace(folder, "given.json");
    const launched = await launchAppInTest({ files: [file, folder, join(folder, "missing.json")] });
    await launched.page.getByText("given.json").first().waitFor();
    expect(await launched.page.getByText("missing.json").count()).toBe(0);
    expect(await askShell(launched.page, "file.pending", null)).toEqual({ files: [], links: [] });
  });

  test("of a second start go to the window of the first", async () => {
    const file = await writeSmallTrace(await createTemporaryFolder(), "second.json");
    const launched = await launchAppInTest();
    const granted = await listenToShell(launched.page, "file.granted");
    await askShell(launched.page, "file.pending", null);
    const setup = requireWindowSetup();
    const second = spawn(
      setup.executable,
      [...setup.flags, `--user-data-dir=${launched.profile}`, repositoryFolder, file],
      {
        env: windowEnvironment(setup),
        stdio: "ignore",
      },
    );
    const [code] = await once(second, "exit");
    expect(code).toBe(0);
    expect(await granted()).toMatchObject([{ name: "second.json" }]);
  });
});
