import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { packApp } from "../../../electron/scripts/dist.mjs";
import { windowSkipReason } from "../../harness/launch-app.ts";
import { launchPackaged } from "../../harness/launch-packaged.ts";
import { askShell } from "../../harness/shell-calls.ts";
import { writeSmallTrace } from "../../harness/small-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const isLinux = process.platform === "linux";

describe.skipIf(windowSkipReason() !== null || !isLinux)("the packaged app", () => {
  let release: string;
  let executable: string;
  beforeAll(async () => {
    release = await mkdtemp(join(tmpdir(), "deltaflame-release-"));
    await packApp({ target: "dir", outFolder: release, quiet: true });
    executable = join(release, "linux-unpacked", "deltaflame");
  });
  afterAll(() => rm(release, { recursive: true, force: true }));

  test("opens a file given as argument, from its archive, whatever the environment asks", async () => {
    const file = await writeSmallTrace(await createTemporaryFolder(), "packaged-argument.json");
    const page = await launchPackaged(executable, [file], {
      ELECTRON_RUN_AS_NODE: "1",
      NODE_OPTIONS: "--require=/nonexistent.cjs",
    });
    expect(page.url()).toBe("app://ui/index.html");
    await page.getByText("packaged-argument.json").first().waitFor();
    await page.getByText("forward").first().waitFor({ state: "attached" });
    expect(await page.evaluate(() => [crossOriginIsolated, typeof Reflect.get(globalThis, "require")])).toEqual([
      true,
      "undefined",
    ]);
  });

  test("reads databases of Nsight Systems with the SQLite inside it", async () => {
    const file = join(repositoryFolder, "test/fixtures/nsight/training.sqlite");
    const page = await launchPackaged(executable, [file]);
    await page.getByText("training.sqlite").first().waitFor();
    await page.getByRole("grid", { name: "Spans by name" }).getByText("ampere_sgemm_128x64_nn").first().waitFor();
  });

  test("brings its sample traces along, outside of the archive", async () => {
    const page = await launchPackaged(executable, []);
    const samples = await askShell(page, "file.samples", null);
    expect(samples.length).toBeGreaterThanOrEqual(3);
    for (const { id, bytes } of samples)
      expect(await askShell(page, "file.openSample", { id })).toMatchObject({ bytes });
  });

  test("has its fuses set", async () => {
    const fuses = await getCurrentFuseWire(executable);
    const isOn = (fuse: FuseV1Options): boolean => fuses[fuse] === "1".codePointAt(0);
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      asarOnly: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    }).toEqual({ runAsNode: false, nodeOptions: false, inspect: false, cookieEncryption: true, asarOnly: true });
  });

  test("holds nothing but itself", async () => {
    const resources = join(release, "linux-unpacked", "resources");
    expect((await readdir(resources)).toSorted()).toEqual(["app.asar", "app.asar.unpacked"]);
    const onnxruntime = join(resources, "app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6");
    if (existsSync(onnxruntime)) expect(await readdir(onnxruntime)).toEqual(["linux"]);
  });
});
