import { chmod, copyFile, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { openEngine } from "./open-engine.ts";

const sample = join(import.meta.dirname, "../../fixtures/nsight/training.sqlite");
const report = "NVIDIA Tegra Profiler Report 2025@5@1@121-255136380782v0.\n";

afterEach(() => vi.unstubAllEnvs());

/** Puts a program called nsys first on the search path: `body` is a script that sees its arguments as `$@`. */
async function installNsys(body: string): Promise<void> {
  const folder = await createTemporaryFolder();
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo "NVIDIA Nsight Systems version 2099.1.2.3-42v0"; exit 0; fi\n${body}\n`;
  await writeFile(join(folder, "nsys"), script);
  await chmod(join(folder, "nsys"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
}

async function openReport(): Promise<
  ReturnType<typeof openEngine> & { readonly folder: string; readonly file: string }
> {
  const folder = await createTemporaryFolder();
  const path = join(folder, "run.nsys-rep");
  await writeFile(path, report);
  const opened = openEngine();
  await expect(opened.open(path)).rejects.toThrow("found a report of Nsight Systems 2025.5.1.121-255136380782");
  return { ...opened, folder, file: path };
}

// The stand-in for nsys is a shell script.
describe.skipIf(process.platform === "win32")("a report of Nsight Systems", () => {
  it("names the command where there is no nsys", async () => {
    const { client, file } = await openReport();
    vi.stubEnv("PATH", await createTemporaryFolder());
    expect(await client.call("nsight.plan", { file })).toEqual({
      database: null,
      newDatabase: "run.sqlite",
      nsysVersion: null,
      command: "nsys export --type sqlite --output run.sqlite run.nsys-rep",
    });
    await expect(client.call("nsight.export", { file })).rejects.toThrow("nsys cannot be started");
  });

  it("offers the database beside it", async () => {
    const { client, file, folder } = await openReport();
    await copyFile(sample, join(folder, "run.sqlite"));
    expect(await client.call("nsight.plan", { file })).toMatchObject({ database: "run.sqlite" });
    await expect(client.call("nsight.export", { file })).rejects.toThrow("run.sqlite is there already");
  });

  it("lets nsys write the database, and tells how far it is", async () => {
    // Arguments: export --type sqlite --force-overwrite true --output PART REPORT
    await installNsys(`[ "$1 $2 $3" = "export --type sqlite" ] || exit 9\ncp '${sample}' "$7"; sleep 0.6`);
    const { client, file, folder, open } = await openReport();
    expect(await client.call("nsight.plan", { file })).toMatchObject({ nsysVersion: "2099.1.2.3-42v0" });
    const progress: number[] = [];
    const reply = await client.call("nsight.export", { file }, { onProgress: ({ done }) => progress.push(done) });
    expect(reply).toEqual({ database: "run.sqlite" });
    expect(progress.at(-1)).toBeGreaterThan(100_000);
    expect((await readdir(folder)).toSorted()).toEqual(["run.nsys-rep", "run.sqlite"]);
    await client.call("trace.close", { trace: "t" });
    expect(await open(join(folder, "run.sqlite"))).toMatchObject({ format: "nsight-sqlite" });
  });

  it("says why nsys failed, and leaves nothing behind", async () => {
    await installNsys(`echo x > "$7"; echo "Failed to load /secret/place/run.nsys-rep" >&2; exit 3`);
    const { client, file, folder } = await openReport();
    const failure = await client.call("nsight.export", { file }).catch((error: unknown) => String(error));
    expect(failure).toContain("nsys ended with code 3: Failed to load …/run.nsys-rep");
    expect(await readdir(folder)).toEqual(["run.nsys-rep"]);
  });

  it("stops nsys when the user gives up", async () => {
    await installNsys(`echo x > "$7"; exec sleep 30`);
    const { client, file, folder } = await openReport();
    const aborter = new AbortController();
    const exporting = client.call(
      "nsight.export",
      { file },
      { signal: aborter.signal, onProgress: () => aborter.abort() },
    );
    await expect(exporting).rejects.toThrow();
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual(["run.nsys-rep"]), { timeout: 3000 });
  });
});
