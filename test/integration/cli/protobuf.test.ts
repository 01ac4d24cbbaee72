import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { samplesFolder } from "../../fixtures/protobuf/write-samples.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { openEngine } from "../engine/open-engine.ts";
import { runCommand } from "./run-command.ts";

// Each test starts a few processes.
vi.setConfig({ testTimeout: 60_000 });

let bundles: Bundles;
beforeAll(async () => {
  bundles = await buildBundles();
}, 180_000);
afterAll(() => bundles.remove());

const sample = (name: string): string => join(samplesFolder, name);

async function info(path: string): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await runCommand(bundles.cli, ["info", path, "--json"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("protobuf profiles from the terminal", () => {
  it("are described by info, plain and compressed", async () => {
    const folder = await createTemporaryFolder();
    const expected = {
      format: "xspace",
      spans: 10,
      flows: 2,
      steps: 2,
      originUnixNs: "1700000000123496789",
      facts: [["GPU:0", "Test, 108 cores, 40.0 GiB, 1555 GB/s, compute 8.0"]],
      ledger: { outcome: "ok", eventsRead: 14, spans: 10, flowEnds: 4, dropped: [] },
    };
    expect(await info(sample("gpu-steps.xplane.pb"))).toMatchObject(expected);
    await writeFile(join(folder, "run.gz"), gzipSync(await readFile(sample("gpu-steps.xplane.pb"))));
    expect(await info(join(folder, "run.gz"))).toMatchObject(expected);
    expect(await info(sample("threads.pftrace"))).toMatchObject({
      format: "perfetto",
      producer: "Perfetto v44.0-test",
      counters: 2,
      counterSamples: 3,
      flows: 1,
    });
  });

  it("are listed by top and spans", async () => {
    const top = await runCommand(bundles.cli, ["top", sample("gpu-steps.xplane.pb"), "--kind", "kernel", "--json"]);
    expect(JSON.stringify(JSON.parse(top.stdout))).toContain("gemm_fusion");
    const spans = await runCommand(bundles.cli, ["spans", sample("threads.pftrace")]);
    expect({ exitCode: spans.exitCode, stderr: spans.stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const name of ["solve", "assemble", "reduce"]) expect(spans.stdout).toContain(name);
  });

  it("open as one trace when they are those of a folder", async () => {
    const folder = await createTemporaryFolder();
    const run = join(folder, "plugins", "profile", "run");
    await mkdir(run, { recursive: true });
    await writeFile(join(run, "a.xplane.pb"), await readFile(sample("gpu-steps.xplane.pb")));
    await writeFile(join(run, "b.xplane.pb"), await readFile(sample("tpu-ops.xplane.pb")));
    for (const path of [run, folder])
      expect(await info(path)).toMatchObject({ format: "xspace", spans: 19, ledger: { eventsRead: 28 } });
  });

  it("are refused in one line when they are damaged", async () => {
    const folder = await createTemporaryFolder();
    const path = join(folder, "copied.xplane.pb");
    await writeFile(path, Buffer.from((await readFile(sample("tpu-ops.xplane.pb"))).toString("utf8"), "utf8"));
    const { exitCode, stdout, stderr } = await runCommand(bundles.cli, ["info", path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("found one that was copied as text");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("protobuf profiles in the engine", () => {
  it("tell the arguments of a selected span, read again from the file", async () => {
    const folder = await createTemporaryFolder();
    const zipped = join(folder, "threads.pftrace.gz");
    await writeFile(zipped, gzipSync(await readFile(sample("threads.pftrace"))));
    const cases = [
      [sample("gpu-steps.xplane.pb"), "gemm_fusion", ["duration (ps)", "50001500"]],
      [zipped, "solve", ["note", "a shared text"]],
    ] as const;
    for (const [path, name, argument] of cases) {
      const { engine, client, open } = openEngine(
        createWorkerImports({ workerPath: bundles.worker, forWindow: false }),
      );
      const summary = await open(path);
      const details = [];
      for (let span = 0; span < summary.spanCount; span++)
        details.push(await client.call("span.details", { trace: "t", span }));
      const found = details.find(({ brief }) => brief.name === name);
      expect(found?.argsUnavailable).toBeNull();
      expect(found?.args).toContainEqual(argument);
      await engine.close();
    }
  });
});
