import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

import { samplesFolder } from "../../fixtures/protobuf/write-samples.ts";
import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

describe.skipIf(windowSkipReason() !== null)("protobuf profiles in the window", () => {
  test("a folder with the profiles of two hosts opens as one trace", async () => {
    const run = join(await createTemporaryFolder(), "plugins", "profile", "two-hosts");
    await mkdir(run, { recursive: true });
    await copyFile(join(samplesFolder, "gpu-steps.xplane.pb"), join(run, "a.xplane.pb"));
    await writeFile(join(run, "b.xplane.pb.gz"), gzipSync(await readFile(join(samplesFolder, "tpu-ops.xplane.pb"))));
    const { page } = await launchAppInTest({ files: [run] });
    await page.getByText("two-hosts").first().waitFor();
    await page.getByText("GPU:0 · host 1").first().waitFor();
    await page.getByText("TPU:0 · host 2").first().waitFor();
  });

  test("a Perfetto trace shows its threads and counters", async () => {
    const { page } = await launchAppInTest({ files: [join(samplesFolder, "threads.pftrace")] });
    await page.getByText("main 78").first().waitFor();
    await page.getByText("Residual").first().waitFor();
    expect(await page.getByText("worker 79").count()).toBeGreaterThan(0);
  });
});
