import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRandom } from "../../../traces/measure/random.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { runCommand } from "./run-command.ts";

// Each test starts a few processes.
vi.setConfig({ testTimeout: 60_000 });

let bundles: Bundles;
let folder: string;
beforeAll(async () => {
  bundles = await buildBundles();
}, 180_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltaflame-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => bundles.remove());

/** A Kineto-like file of 20 steps: load, then compute, `factor` times as long as usual. */
async function writeSteps(name: string, factor: number, seed = name): Promise<string> {
  const random = createRandom(seed);
  let time = 0;
  const event = (label: string, category: string, duration: number): string => {
    const text = JSON.stringify({ ph: "X", name: label, cat: category, pid: 1, tid: 1, ts: time, dur: duration });
    time += duration;
    return text;
  };
  const events: string[] = [];
  for (let step = 0; step < 20; step++) {
    const start = time;
    events.push(event("DataLoader", "user_annotation", 200 + 6 * random.normal()));
    events.push(event("compute & go", "cpu_op", factor * (800 + 20 * random.normal())));
    events.push(
      JSON.stringify({
        ph: "X",
        name: `ProfilerStep#${step}`,
        cat: "user_annotation",
        pid: 1,
        tid: 1,
        ts: start,
        dur: time - start,
      }),
    );
  }
  const path = join(folder, name);
  await writeFile(path, `{"schemaVersion":1,"traceEvents":[${events.join(",")}]}`);
  return path;
}

const run = (...words: readonly string[]) => runCommand(bundles.cli, ["compare", ...words], { cwd: folder });

describe("deltaflame compare", () => {
  it("answers 0, 1 and 2 with the verdict, and 3 with faults", async () => {
    const [base, same, slow, little] = [
      await writeSteps("base.json", 1),
      await writeSteps("same.json", 1),
      await writeSteps("slow.json", 1.3),
      await writeSteps("little.json", 1.06),
    ];
    const equivalent = await run(base, "--vs", same);
    expect(equivalent).toMatchObject({ exitCode: 0, stderr: "" });
    expect(equivalent.stdout).toContain("step time is equivalent within 5.0");
    const regressed = await run(base, "--vs", slow);
    expect(regressed.exitCode).toBe(1);
    expect(regressed.stdout).toMatch(/step time rose 2\d\.\d/);
    expect(regressed.stdout).toContain("compute & go: slower");
    expect((await run(slow, "--vs", base)).exitCode).toBe(0);
    expect((await run(base, "--vs", little)).exitCode).toBe(2);
    expect((await run(base, "--vs", little, "--inconclusive", "pass")).exitCode).toBe(0);
    expect((await run(base, "--vs", join(folder, "missing.json"))).exitCode).toBe(3);
    expect(await run(base, same)).toMatchObject({
      exitCode: 3,
      stderr: `deltaflame: which files are after the change? deltaflame compare ${base} --vs ${same}\n`,
    });
    const results = join(folder, "results.json");
    await writeFile(results, JSON.stringify({ timings: { mean_ms: 5, std_ms: 1, n: 10 } }));
    for (const sides of [
      [base, results],
      [results, base],
    ] as const) {
      const mixed = await run(sides[0], "--vs", sides[1]);
      expect(mixed.exitCode).toBe(3);
      expect(mixed.stderr).toContain(`${results}: holds benchmark results, and the other side is a trace`);
    }
    const nowhere = await run(base, "--vs", same, "--report", join(folder, "none", "r.html"));
    expect(nowhere).toMatchObject({ exitCode: 3, stdout: "" });
    expect(nowhere.stderr).toContain("there is no folder");
    expect((await run(base, "--vs", same, "--alpha", "0")).stderr).toContain('"0" is not a level of tests');
    expect((await run(base, "--vs", same, "--gate", "lots")).stderr).toContain('"lots" is not a share');
    expect((await run(base, "--vs", same, "--rows", "nothing")).stderr).toContain('no row has "nothing"');
    expect((await run(base, "--vs", slow, "--gate", "50%", "--rows", "Data")).exitCode).toBe(0);
  });

  it("writes reports that are the same bytes each time", async () => {
    const [base, slow] = [await writeSteps("base.json", 1), await writeSteps("slow.json", 1.3)];
    const results = {
      context: {},
      benchmarks: [1, 2, 4].map((n) => ({ name: `sort/${n}`, real_time: n, time_unit: "us" })),
    };
    await writeFile(join(folder, "results.json"), JSON.stringify(results));
    const write = (ending: string) =>
      run(
        base,
        "--vs",
        slow,
        "--report",
        `r.html`,
        "--report",
        `${ending}.md`,
        "--report",
        "r.xml",
        "--json",
        "r.json",
        "--scaling",
        "results.json",
        "results.json",
      );
    expect((await write("one")).stderr).toBe("");
    const first = await readFile(join(folder, "r.html"), "utf8");
    await write("two");
    expect(await readFile(join(folder, "r.html"), "utf8")).toBe(first);
    expect(await readFile(join(folder, "one.md"), "utf8")).toBe(await readFile(join(folder, "two.md"), "utf8"));
    expect(first).toContain("deltaflame compare base.json --vs slow.json --gate 0.05 --alpha 0.05");
    expect(first).not.toContain(folder);
    expect(first).toContain("sort/# / real_time: time of a step over");
    expect((await run(base, "--vs", slow, "--report", "r.html", "--scaling", "results.json")).stderr).toContain(
      "expected two files",
    );
    expect(first.length).toBeLessThan(1_000_000);
    const report = JSON.parse(await readFile(join(folder, "r.json"), "utf8")) as Record<string, unknown>;
    expect(report).toMatchObject({ schemaVersion: 1, summary: { headline: { estimate: { verdict: "regressed" } } } });
    expect(await readFile(join(folder, "r.xml"), "utf8")).toMatch(/<testcase [^>]*name="step time"><failure/);
  });

  it("fails a speed-up that fails accuracy", async () => {
    const [base, slow] = [await writeSteps("base.json", 1), await writeSteps("slow.json", 1.3)];
    await writeFile(
      join(folder, "claims.yaml"),
      "claims:\n  - { text: faster, change: step, stated: [-0.3, -0.1] }\naccuracy:\n  - { quantity: energy MAE, after: 12, limit: 10 }\n",
    );
    const { exitCode } = await run(slow, "--vs", base, "--claims", "claims.yaml", "--report", "c.md");
    expect(exitCode).toBe(1);
    const text = await readFile(join(folder, "c.md"), "utf8");
    expect(text).toContain("this is no improvement");
    expect(text).toContain("| confirmed | faster |");
  });

  it("prints what tables say: the bundled ledger, one of the user, a document as it stands", async () => {
    const claims = (...words: readonly string[]) => runCommand(bundles.cli, ["claims", ...words], { cwd: folder });
    const bundled = await claims();
    expect(bundled).toMatchObject({ exitCode: 0, stderr: "" });
    for (const insight of [
      "serial loop: total time grows as batch^1.005",
      "batching works: 34.51 + 2.01·b ms",
      "ceiling 497.5 items/s",
      "batch 1 at 0.7948 ms is not comparable",
      "1.75 to 2.717 min",
      "It sets compiling and running against running",
    ])
      expect(bundled.stdout).toContain(insight);
    await writeFile(
      join(folder, "notes.md"),
      "| Batch | Time (ms) |\n|---|---|\n| 1 | 20 |\n| 2 | 40 |\n| 4 | 80.1 |\n",
    );
    expect((await claims("notes.md")).stdout).toContain("serial loop");
    await writeFile(join(folder, "bad.yaml"), "claims: 3");
    expect(await claims("bad.yaml")).toMatchObject({ exitCode: 1 });
    expect((await claims("bad.yaml")).stderr).toContain("expected a list, found 3");
    await writeFile(join(folder, "results.json"), JSON.stringify({ time_ms: 3 }));
    expect((await claims("results.json")).stderr).toContain(
      'expected one of series, mixtures, claims, accuracy, or a text with tables of times, found "time_ms"',
    );
    expect((await claims("missing.yaml")).exitCode).toBe(3);
  });

  it("compares benchmark results, and keeps a history of them that alerts", async () => {
    const write = async (name: string, factor: number): Promise<void> => {
      const random = createRandom(name);
      const entries = Array.from({ length: 12 }, () =>
        ["A", "B"].map((benchmark) => ({
          name: benchmark,
          run_type: "iteration",
          iterations: 1,
          real_time: (benchmark === "A" ? factor : 1) * (100 + random.normal()),
          time_unit: "us",
        })),
      );
      await writeFile(join(folder, name), JSON.stringify({ context: { num_cpus: 2 }, benchmarks: entries.flat() }));
    };
    await write("one.json", 1);
    await write("two.json", 1.2);
    const compared = await run("one.json", "--vs", "two.json", "--json", "out.json");
    expect(compared).toMatchObject({ exitCode: 1, stderr: "" });
    expect(compared.stdout).toMatch(/1 regressed, 1 equivalent/);
    expect(compared.stdout).toMatch(/regressed +A \/ real_time/);
    expect((await run("one.json", "--vs", "two.json", "--rows", "B")).exitCode).toBe(0);
    const written = await run(
      "one.json",
      "--vs",
      "two.json",
      "--report",
      "r.html",
      "--report",
      "r.md",
      "--report",
      "r.xml",
    );
    expect(written).toMatchObject({ exitCode: 1, stderr: "" });
    const html = await readFile(join(folder, "r.html"), "utf8");
    expect(html).toContain("Of 2 measurements 1 regressed, 1 equivalent.");
    expect(html).toContain("deltaflame compare one.json --vs two.json --gate 0.05");
    expect(await readFile(join(folder, "r.md"), "utf8")).toMatch(
      /\| A \/ real\\_time \|.*\| 12 \\\| 12 \| regressed \|/,
    );
    expect(await readFile(join(folder, "r.xml"), "utf8")).toMatch(/name="A \/ real_time"><failure message="\+/);

    const keep = (file: string) =>
      runCommand(bundles.cli, ["history", file, "--name", "suite", "--folder", "kept"], { cwd: folder });
    expect((await keep("one.json")).stdout).toContain("first results");
    expect(await keep("two.json")).toMatchObject({ exitCode: 1, stderr: "" });
    expect((await keep("two.json")).exitCode).toBe(0);
    expect((await readdir(join(folder, "kept", "suite"))).length).toBe(3);
    expect((await keep("missing.json")).exitCode).toBe(3);
  });
});
