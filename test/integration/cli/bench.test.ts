import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { runCommand } from "./run-command.ts";

/* The built command line, on the student force field: short runs, the numbers of which mean nothing here. */

type PrintedReport = Omit<BenchReport, "results"> & {
  readonly per: string;
  readonly results: readonly (BenchResult & { readonly batch: number })[];
};

let bundles: Bundles;
let folder = "";
beforeAll(async () => {
  // Below the checkout, so that the native module is found as it is from `dist`.
  const parent = join(repositoryFolder, "node_modules", ".cache");
  bundles = await buildBundles(parent);
  folder = await mkdtemp(join(parent, "deltaflame-bench-cli-"));
}, 180_000);
afterAll(async () => {
  await bundles.remove();
  await rm(folder, { recursive: true, force: true });
});

const short = ["--samples", "6", "--least-samples", "6", "--run-warmup", "1"];

describe("deltaflame bench", () => {
  test("writes the documented report, and the spans as a trace that opens", async () => {
    const trace = join(folder, "run.dflame");
    const words = [
      "bench",
      "student",
      "--batch",
      "1,2",
      "--structures",
      "H2O",
      ...short,
      "--trace",
      trace,
      "--json",
      "-",
    ];
    const { exitCode, stdout, stderr } = await runCommand(bundles.cli, words);
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^run\.dflame: Deltaflame container, [^\n]+\n$/)]);
    const report = JSON.parse(stdout) as PrintedReport;
    expect(report).toMatchObject({ format: "deltaflame-bench", version: 1, per: "structure" });
    expect(report.results.map(({ variant, batch }) => [variant, batch])).toEqual([
      ["naive", 1],
      ["naive", 2],
      ["fast", 1],
      ["fast", 2],
    ]);
    for (const result of report.results) {
      expect(result).toMatchObject({ outcome: "measured", backend: "onnxruntime-cpu", outputsChanged: true });
      expect(result.samplesMs).toHaveLength(6);
      expect(result.medianMs).toBeGreaterThan(0);
      expect(result.accuracy?.passed).toBe(true);
    }
    const info = await runCommand(bundles.cli, ["info", trace, "--json"]);
    const { spans } = JSON.parse(info.stdout) as { readonly spans: number };
    expect(spans).toBeGreaterThan(24);
    const told = (await runCommand(bundles.cli, ["info", trace])).stdout;
    expect(told).toMatch(/^backend +onnxruntime-cpu\ndevice +\S[^\n]*\nprecision +float32$/mu);
    const table = join(folder, "run.json");
    expect((await runCommand(bundles.cli, ["export", trace, "--out", table])).exitCode).toBe(0);
    // What the recorder noted, which lies in no file but this.
    expect(await readFile(table, "utf8")).toContain('"args":{"structures":"2","atoms":"6","slots per atom":"2"}');
  }, 180_000);

  test("writes its files although the reader of the table went away", async () => {
    const [json, trace] = [join(folder, "unread.json"), join(folder, "unread.dflame")];
    const words = ["bench", "recorder", "--seconds", "0.1", "--json", json, "--trace", trace];
    const { exitCode, stderr } = await runCommand(bundles.cli, words, { closeAfterBytes: 0 });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^unread\.dflame: [^\n]+\n$/)]);
    const report = JSON.parse(await readFile(json, "utf8")) as PrintedReport;
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["measured"]);
    const info = await runCommand(bundles.cli, ["info", trace, "--json"]);
    expect(JSON.parse(info.stdout)).toMatchObject({ format: "deltaflame" });
  }, 180_000);

  test("finds numbers in a file that do not measure what they say, with exit code 1", async () => {
    const file = join(folder, "cached.json");
    await writeFile(file, JSON.stringify({ batches: { "1": { mean_ms: 0.5 }, "2": { mean_ms: 40 } } }));
    const { exitCode, stdout } = await runCommand(bundles.cli, ["bench", "check", file]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Batch 1 did no work");
    expect(stdout).toContain("0.500 ms at batch 1, per item 20.0 ms at 2: 40.0×");
    await writeFile(file, '{"hello":[1,2,3]}');
    const unknown = await runCommand(bundles.cli, ["bench", "check", file]);
    expect(unknown.exitCode).toBe(3);
    expect(unknown.stderr).toContain('JSON with times such as "mean_ms"; found none that can be judged');
    await writeFile(file, "no JSON");
    expect((await runCommand(bundles.cli, ["bench", "check", file])).exitCode).toBe(3);
  });

  test.skipIf(process.platform !== "linux")(
    "prints what was measured although the disk is full, and says that the file was not written",
    async () => {
      const words = ["bench", "optimizer", "--engine", "js-f64", "--points", "2000", "--json", "/dev/full"];
      const { exitCode, stdout, stderr } = await runCommand(bundles.cli, words);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/^js-f64 · .* · float64/u);
      expect(stdout).toMatch(/\nfused +[\d.]+/u);
      expect(stderr).toContain("the file cannot be written: no space left on the device");
    },
    180_000,
  );

  test("ends as told while ONNX Runtime is inside a call of seconds, with everything written", async () => {
    const file = join(folder, "stopped.json");
    const words = ["bench", "student", "--variant", "naive", "--structures", "water1029", "--json", file];
    const signalWhen = new Promise<NodeJS.Signals>((resolve) => void setTimeout(resolve, 4000, "SIGINT"));
    const { exitCode, stdout, stderr } = await runCommand(bundles.cli, words, { signalWhen });
    expect([exitCode, stderr]).toEqual([128 + 2, ""]);
    expect(stdout).toContain("stopped");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ results: [{ outcome: "stopped" }] });
  }, 180_000);

  test("refuses what it cannot run in one line, with exit code 2", async () => {
    for (const [words, message] of [
      [["--batch", "0"], "--batch must be a whole number from 1 to 4096, found 0"],
      [["--samples", "0"], "option '--samples <count>' argument '0' is invalid. It must be a whole number from 1 up."],
      [["--samples", "3", "--least-samples", "6"], "--least-samples 6 is more than --samples 3"],
      [["--json", folder], `--json ${folder} is a folder`],
      [["--variant", "none"], 'no variant "none"'],
      [["--no-spans", "--trace", "x.json"], "--trace needs spans"],
      [["--weights", "gone.onnx"], "gone.onnx is not there"],
      [["--structures", "gone.xyz"], "gone.xyz is not there"],
      [["--trace", "x.unknown"], "--trace x.unknown: its ending tells the format, one of .dflame, "],
      [["--json", "nowhere/x.json"], "--json nowhere/x.json: there is no folder nowhere"],
    ] as const) {
      const { exitCode, stderr } = await runCommand(bundles.cli, ["bench", "student", ...words]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  test("judges every file, tells which it cannot, and ends with the worst exit code", async () => {
    const [broken, cached, honest] = ["broken.json", "caught.json", "honest.json"].map((name) => join(folder, name));
    await writeFile(broken, "no JSON");
    await writeFile(cached, JSON.stringify({ batches: { "1": { mean_ms: 0.5 }, "2": { mean_ms: 40 } } }));
    await writeFile(honest, JSON.stringify({ mean_ms: 2 }));
    const gone = join(folder, "gone.json");
    const { exitCode, stdout, stderr } = await runCommand(bundles.cli, [
      "bench",
      "check",
      broken,
      cached,
      gone,
      honest,
    ]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("Batch 1 did no work");
    expect(stdout).toContain(`${honest}\nnothing found`);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining(`${broken}: expected JSON`),
      expect.stringContaining(`${gone}: `),
      "deltaflame: 1 number must not be used",
    ]);
    const readable = await runCommand(bundles.cli, ["bench", "check", cached, honest]);
    expect([readable.exitCode, readable.stderr]).toEqual([1, "deltaflame: 1 number must not be used\n"]);
  });

  test("reads back what it wrote", async () => {
    const file = join(folder, "report.json");
    const words = [
      "bench",
      "student",
      "--variant",
      "fast",
      "--structures",
      "H2O",
      "--batch",
      "1",
      ...short,
      "--json",
      file,
    ];
    expect((await runCommand(bundles.cli, words)).exitCode).toBe(0);
    expect(JSON.parse(await readFile(file, "utf8"))).toHaveProperty("environment.cores");
    expect((await runCommand(bundles.cli, ["bench", "check", file])).stdout).toContain("nothing found");
  }, 180_000);
});
