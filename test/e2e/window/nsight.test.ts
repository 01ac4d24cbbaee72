import { chmod, copyFile, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";

import { launchAppInTest, windowSkipReason } from "../../harness/launch-app.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

describe.skipIf(windowSkipReason() !== null)("files of Nsight in the window", () => {
  test("a database opens with its kernels, and a selected one shows its row", async () => {
    const { page } = await launchAppInTest({ files: [join(fixtures, "nsight/training.sqlite")] });
    await page.getByRole("application", { name: "Timeline of training.sqlite" }).waitFor();
    await page
      .getByRole("grid", { name: "Spans by name" })
      .getByRole("row", { name: /ncclDevKernel_AllReduce_Sum/u })
      .click();
    await page.keyboard.press("1");
    const selected = page.getByRole("region", { name: "The selected span" });
    await selected.getByText("registersPerThread").waitFor();
    await selected.getByText("CUPTI_ACTIVITY_KIND_KERNEL, row 2").waitFor();
  });

  test("a report of Nsight Compute shows kernels, metrics and the roofline in place of a timeline", async () => {
    const { page } = await launchAppInTest({ files: [join(fixtures, "ncu/two-kernels.ncu-rep")] });
    const kernels = page.getByRole("grid", { name: "Kernels" });
    await kernels.getByRole("row", { name: /saxpy/u }).waitFor();
    await page.getByRole("grid", { name: "Metrics of the selected kernel" }).getByText("Achieved Occupancy").waitFor();
    await page.getByRole("radio", { name: "Roofline" }).click();
    await page.getByRole("heading", { name: "Roofline" }).waitFor();
    await kernels.getByRole("row", { name: /reduce/u }).click();
    await page.getByRole("heading", { name: "reduce" }).waitFor();
  });

  test.skipIf(process.platform === "win32")(
    "a report of Nsight Systems becomes a database by the user's nsys, when asked to",
    async () => {
      const folder = await createTemporaryFolder();
      const tools = await createTemporaryFolder();
      await writeFile(join(folder, "run.nsys-rep"), "NVIDIA Tegra Profiler Report 2025@5@1@121-255136380782v0.\n");
      const sample = join(tools, "made.sqlite");
      await copyFile(join(fixtures, "nsight/training.sqlite"), sample);
      const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo "NVIDIA Nsight Systems version 2099.1"; else cp '${sample}' "$7"; fi\n`;
      await writeFile(join(tools, "nsys"), script);
      await chmod(join(tools, "nsys"), 0o755);
      const { page } = await launchAppInTest({
        files: [join(folder, "run.nsys-rep")],
        env: { PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}` },
      });
      await page.getByText("It is a report of Nsight Systems 2025.5.1.121-255136380782.").waitFor();
      expect(await readdir(folder)).toEqual(["run.nsys-rep"]);
      await page.getByRole("button", { name: "Export with nsys" }).click();
      await page.getByRole("application", { name: "Timeline of run.sqlite" }).waitFor();
      expect((await readdir(folder)).toSorted()).toEqual(["run.nsys-rep", "run.sqlite"]);
    },
  );
});
