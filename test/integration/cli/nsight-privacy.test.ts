import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from "vitest";
import { secretMarker } from "../../fixtures/nsight/training-database.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

// Each test starts a few processes.
vi.setConfig({ testTimeout: 60_000 });

/*
 * The database holds a marker wherever Nsight keeps what is nobody's business: environment, processes of the host,
 * command lines, output of the program, strings that no event uses. No output of any command may have it. A PDF is
 * printed from the HTML report and from nothing else.
 */

let bundles: Bundles;
let folder: string;
let database: Buffer;
beforeAll(async () => {
  bundles = await buildBundles();
  database = await readFile(join(import.meta.dirname, "../../fixtures/nsight/training.sqlite"));
}, 180_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltaflame-test-"));
  await writeFile(join(folder, "before.sqlite"), database);
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => bundles.remove());

const kernel = "ampere_sgemm_128x64_nn";

async function run(...words: readonly string[]): Promise<CommandResult> {
  const result = await runCommand(bundles.cli, words, { cwd: folder });
  expect(result.stdout + result.stderr, words.join(" ")).not.toContain(secretMarker);
  return result;
}

/** What a command wrote, and that it is about the trace at all. */
async function expectClean(file: string): Promise<void> {
  const text = (await readFile(join(folder, file))).toString("latin1");
  expect(text, file).not.toContain(secretMarker);
  expect(text.length, file).toBeGreaterThan(100);
}

describe("what an Nsight database holds of the machine", () => {
  it("is in the database to begin with", () => {
    expect(database.toString("latin1")).toContain(secretMarker);
  });

  it.each([["info"], ["info", "--json"], ["top"], ["top", "--json"], ["spans"]])(
    "reaches no terminal: %s %s",
    async (...words) => {
      const { stdout, stderr, exitCode } = await run(words[0], "before.sqlite", ...words.slice(1));
      expect([stderr, exitCode]).toEqual(["", 0]);
      expect(stdout).toContain(words[0] === "info" ? "GPU" : kernel);
    },
  );

  it.each(["out.dflame", "out.json", "out.csv"])("reaches no export, arguments included: %s", async (file) => {
    expect(await run("export", "before.sqlite", "--out", file)).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await readFile(join(folder, file))).toString("latin1")).toContain(kernel);
    await expectClean(file);
  });

  it("reaches no report and no comparison", async () => {
    await writeFile(join(folder, "after.sqlite"), database);
    const files = ["r.html", "r.md", "r.json", "r.xml"];
    const reports = files.flatMap((file) => ["--report", file]);
    const { exitCode } = await run("compare", "before.sqlite", "--vs", "after.sqlite", "--json", "c.json", ...reports);
    expect([0, 1, 2]).toContain(exitCode);
    for (const file of [...files, "c.json"]) await expectClean(file);
    expect(await readFile(join(folder, "r.html"), "utf8")).toContain(kernel);
  });

  it("reaches no error message when the database is damaged or cut", async () => {
    const marker = database.indexOf(secretMarker);
    for (const [name, bytes] of [
      ["cut.sqlite", database.subarray(0, database.length >> 1)],
      ["short.sqlite", database.subarray(0, marker + 30)],
      ["torn.sqlite", Buffer.from(database).fill(0xff, marker - 60, marker - 10)],
    ] as const) {
      await writeFile(join(folder, name), bytes);
      await run("info", name);
      await run("export", name, "--out", `${name}.json`);
    }
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".json"))) await expectClean(file);
  });

  it("reaches no message about a report that nsys alone can read", async () => {
    const report = `NVIDIA Tegra Profiler Report 2025@5@1@121-255136380782v0.\nTOKEN=${secretMarker}`;
    await writeFile(join(folder, "run.nsys-rep"), report);
    const { stderr } = await run("info", "run.nsys-rep");
    expect(stderr).toContain("Nsight Systems 2025.5.1.121");
  });
});
