import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";

const hasOfficialElectron = existsSync(join(repositoryFolder, "node_modules/electron/path.txt"));
const isLinux = process.platform === "linux";

describe("npm start", () => {
  test("names the override that holds no Electron", async () => {
    const folder = await createTemporaryFolder();
    const { code, output } = await start([], { DISPLAY: ":0", ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect(output).toContain(`ELECTRON_OVERRIDE_DIST_PATH holds no electron: ${folder}`);
    expect(code).toBe(1);
  });

  test("explains what to do when no runtime can be had", async (context) => {
    context.skip(hasOfficialElectron, "the official Electron is installed");
    const { code, output } = await start([], {
      DISPLAY: ":0",
      DELTAFLAME_CACHE: await createTemporaryFolder(),
      DELTAFLAME_OFFLINE: "1",
      DELTAFLAME_STRICT_RUNTIME: "1",
    });
    expect(output).toMatch(/^Electron [\d.]+ could not be downloaded \(DELTAFLAME_OFFLINE=1\)\.$/m);
    expect(output).toContain("The command line works without it: npx deltaflame --help");
    expect(code).toBe(1);
  });

  test.runIf(isLinux)("does the main job in the terminal where there is no display", async () => {
    const folder = await createTemporaryFolder();
    const { code, output } = await start([], { DISPLAY: "", WAYLAND_DISPLAY: "", TMPDIR: folder }, folder);
    expect(output).toContain("No display: running the main job in the terminal.");
    expect(output).toContain('xvfb-run -a -s "-screen 0 1920x1200x24" npm start');
    expect(output).toContain("deltaflame bench student");
    expect(output).toContain("step time fell");
    expect(code).toBe(0);
    const made = await readdir(join(folder, "deltaflame-demo"));
    for (const file of ["student.dflame", "student.json", "optimizer.dflame", "optimizer.json", "comparison.html"])
      expect(made).toContain(file);
    const { results } = JSON.parse(await readFile(join(folder, "deltaflame-demo", "student.json"), "utf8")) as {
      readonly results: readonly { readonly variant: string; readonly medianMs: number }[];
    };
    expect(new Set(results.map(({ variant }) => variant))).toEqual(new Set(["naive", "fast"]));
    for (const { medianMs } of results) expect(medianMs).toBeGreaterThan(0);
  });

  test.runIf(isLinux)("refuses files where there is no display", async () => {
    const { code, output } = await start(["a.json"], { DISPLAY: "", WAYLAND_DISPLAY: "" });
    expect(output).toContain("No display: the window cannot open.");
    expect(code).toBe(1);
  });
});

function start(
  files: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = repositoryFolder,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryFolder, "electron/scripts/start.mjs"), ...files], {
      cwd,
      env: { ...process.env, ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
