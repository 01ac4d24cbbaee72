import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import type { WhatIf } from "../../../traces/replay/what-if.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { writeEvents, writeManySpans } from "../engine/event-files.ts";
import { runCommand } from "./run-command.ts";

// Each test starts a few processes.
vi.setConfig({ testTimeout: 60_000 });

let bundles: Bundles;
beforeAll(async () => {
  bundles = await buildBundles();
}, 180_000);
afterAll(() => bundles.remove());

const run: (words: readonly string[], options?: Parameters<typeof runCommand>[2]) => ReturnType<typeof runCommand> = (
  words,
  options,
) => runCommand(bundles.cli, words, options);

describe("deltaflame info", () => {
  it("prints one JSON object with integer times", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const { exitCode, stdout, stderr } = await run(["info", path, "--json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const info = JSON.parse(stdout) as Record<string, unknown>;
    expect(info).toMatchObject({
      file: "rich.json",
      format: "chrome-json",
      producer: null,
      originUnixNs: null,
      originClockNs: 1_000_000,
      durationNs: 100_000,
      spans: 5,
      instants: 1,
      counters: 1,
      counterSamples: 2,
      flows: 1,
      steps: 1,
      kinds: { step: { count: 1, totalNs: 100_000 }, op: { count: 4, totalNs: 115_000 } },
      ledger: {
        outcome: "ok",
        eventsRead: 12,
        spans: 5,
        instants: 1,
        counterEvents: 2,
        flowEnds: 2,
        metadata: 2,
        dropped: [],
        truncatedAtByte: null,
      },
    });
    const trackList = info["trackList"] as readonly { readonly detail: string }[];
    expect(info["tracks"]).toBe(trackList.length);
    expect(trackList.find((track) => track.detail === "tid 1")).toMatchObject({
      kind: "thread",
      parent: 0,
      spans: 4,
      instants: 1,
      samples: 0,
      busyNs: 100_000,
    });
  });

  it("offers to read times as nanoseconds, and does so", async () => {
    const path = join(await createTemporaryFolder(), "ns.json");
    await writeFile(path, '[{"ph":"X","pid":1,"tid":1,"ts":1712195495406757723,"dur":15,"name":"a"}]');
    const refused = await run(["info", path]);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("--times-in-ns reads them as such");
    const { stdout } = await run(["info", path, "--times-in-ns", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ originClockNs: "1712195495406757723", durationNs: 15, spans: 1 });
  });

  it("lists the first thousand tracks for people, all of them for programs", async () => {
    const path = join(await createTemporaryFolder(), "processes.json");
    const events = Array.from(
      { length: 2000 },
      (_, i) => `{"ph":"X","pid":${i},"tid":${i},"ts":${i},"dur":1,"name":"a"}`,
    );
    await writeFile(path, `[${events.join(",")}]`);
    const { exitCode, stdout, stderr } = await run(["info", path]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("\nand 3000 more: --json lists all\n");
    const { trackList } = JSON.parse((await run(["info", path, "--json"])).stdout) as { trackList: unknown[] };
    expect(trackList).toHaveLength(4000);
  });

  it("writes times above 2^53 as text", async () => {
    const folder = await createTemporaryFolder();
    const path = join(folder, "kineto.json");
    await writeFile(
      path,
      '{"baseTimeNanoseconds":1700000000000000001,"traceEvents":[{"ph":"X","pid":1,"tid":1,"name":"a","cat":"cpu_op","ts":10,"dur":1}]}',
    );
    const { stdout } = await run(["info", path, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      originUnixNs: "1700000000000010001",
      originClockNs: 10_000,
      durationNs: 1000,
    });
  });

  it("prints aligned text without colors into a pipe", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const { stdout } = await run(["info", path]);
    expect(stdout).not.toContain("\x1b");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^file {6}rich\.json, /);
    const kinds = lines.slice(lines.indexOf("Kinds") + 1, lines.indexOf("Kinds") + 4);
    expect(kinds).toEqual(["count  total µs  kind", "    1       100  step", "    4       115  op"]);
    expect(stdout).toContain("read     12 events");
  });

  it("names the groups of a trace whose times lie far apart", async () => {
    const path = join(await createTemporaryFolder(), "two-clocks.json");
    const event = (tid: number, ts: number) => `{"ph":"X","pid":1,"tid":${tid},"ts":${ts},"dur":8,"name":"a"}`;
    const events = Array.from({ length: 40 }, (_, i) => event(1, i * 10)).concat(event(2, 11_520_000_000));
    await writeFile(path, `[${events.join(",")}]`);
    const { stdout } = await run(["info", path]);
    expect(stdout.split("\n").slice(4, 8)).toEqual([
      expect.stringMatching(/^duration +3.h.12.min$/),
      expect.stringMatching(/^times +The spans lie in 2 groups, 3.h.12.min apart$/),
      expect.stringMatching(/^group 1 +398.µs, 40 spans, from the start on$/),
      expect.stringMatching(/^group 2 +8\.00.µs, 1 span, from 3.h.12.min on$/),
    ]);
    expect(JSON.parse((await run(["info", path, "--json"])).stdout)).toMatchObject({
      timeGroups: [
        { startNs: 0, endNs: 398_000, spans: 40, instants: 0, samples: 0 },
        { startNs: 11_520_000_000_000, endNs: 11_520_000_008_000, spans: 1 },
      ],
    });
  });

  it("says where a cut file ends and keeps what is before", async () => {
    const folder = await createTemporaryFolder();
    const whole = await readFile(await writeEvents(folder, "rich.json"));
    const path = join(folder, "cut.json.gz");
    const cutAt = whole.indexOf("backward") + 4;
    await writeFile(path, gzipSync(whole.subarray(0, cutAt)));
    const { exitCode, stdout } = await run(["info", path, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ spans: 3, ledger: { outcome: "partial", truncatedAtByte: cutAt } });
  });

  it("tells each place of a cut file once", async () => {
    const folder = await createTemporaryFolder();
    const whole = await readFile(await writeEvents(folder, "rich.json"));
    const path = join(folder, "cut.json");
    const importOf = async (end: number): Promise<string> => {
      await writeFile(path, whole.subarray(0, end));
      const { stdout } = await run(["info", path]);
      return stdout.slice(stdout.indexOf("\nImport\n"));
    };
    const inside = whole.indexOf("backward") + 4;
    const value = whole.lastIndexOf("{", inside);
    const text = await importOf(inside);
    expect(text).toContain(`1: a value that the end of the file cuts off, at byte ${value}\n`);
    expect(text).toContain(`breaks off  at byte ${inside}\n`);
    expect(text.split(String(inside))).toHaveLength(2);
    expect(text.split(String(value))).toHaveLength(2);
    const between = value - 1;
    expect((await importOf(between)).split(String(between))).toHaveLength(2);
  });
});

describe("benchmark results", () => {
  const results = { single: { mean_time_ms: 2, std_time_ms: 0.5, n_samples: 4 } };

  it("are printed by info, as a table and as JSON", async () => {
    const path = join(await createTemporaryFolder(), "results.json");
    await writeFile(path, JSON.stringify(results));
    const text = await run(["info", path]);
    expect(text).toMatchObject({ exitCode: 0, stderr: "" });
    expect(text.stdout).toMatch(/4 +2 +0\.5 +ms \? +lower +single \/ time_ms/);
    const { stdout } = await run(["info", path, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      file: "results.json",
      format: "nested-json",
      measurements: [
        { path: ["single", "time_ms"], unit: "ms", unitSource: "guessed", better: "lower", n: 4, mean: 2, values: [] },
      ],
      ledger: { numbersRead: 3, statistics: 3, leftOut: [] },
    });
  });

  it("are judged: numbers that do not measure what they say are named, and no comparison rests on them", async () => {
    const folder = await createTemporaryFolder();
    const cached = join(folder, "cached.json");
    const honest = join(folder, "honest.json");
    const batches = (one: number) => ({
      batch_inference: Object.fromEntries([1, 2, 4].map((n) => [n, { mean_time_ms: n === 1 ? one : 20 * n }])),
    });
    await writeFile(cached, JSON.stringify(batches(0.8)));
    await writeFile(honest, JSON.stringify(batches(21)));
    expect((await run(["info", cached])).stdout).toMatch(/Integrity\n +invalid: batch_inference \/ 1: Batch 1 did no/);
    expect((await run(["info", honest])).stdout).not.toContain("Integrity");
    const { stdout } = await run(["info", cached, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ integrity: [{ rule: "batchOneIdle", severity: "invalid" }] });
    expect((await run(["compare", honest, "--vs", cached])).stdout).toMatch(
      /D numbers not to be used +none found → batch_inference \/ 1\n/,
    );
  });

  it("are refused as a trace, with the command that prints them", async () => {
    const path = join(await createTemporaryFolder(), "results.json");
    await writeFile(path, JSON.stringify(results));
    expect(await run(["top", path])).toMatchObject({
      exitCode: 3,
      stderr: `deltaflame: ${path}: expected a trace, found benchmark numbers in any JSON; \`deltaflame info\` prints them\n`,
    });
  });

  it("that are damaged are refused with the place", async () => {
    const path = join(await createTemporaryFolder(), "results.json");
    await writeFile(path, '{"single":{"time_ms":1},');
    const { exitCode, stderr } = await run(["info", path]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      "expected a file of benchmark results in whole, found that the file breaks off at byte 24",
    );
  });
});

describe("deltaflame export", () => {
  it("writes each format by the ending of the file, and never over a file that is there", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    for (const [name, words] of [
      ["rich.dflame", "Deltaflame container"],
      ["again.json", "Chrome trace (JSON)"],
      ["spans.csv", "Table of spans (CSV)"],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(["export", path, "--out", join(folder, name)]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout.startsWith(`${name}: ${words}, `)).toBe(true);
    }
    expect(await run(["export", path, "--out", join(folder, "spans.csv")])).toMatchObject({
      exitCode: 2,
      stderr: `deltaflame: "${join(folder, "spans.csv")}" exists; --force replaces it\n`,
    });
    const infos = await Promise.all(
      ["rich.json", "rich.dflame", "again.json"].map((name) => run(["info", join(folder, name), "--json"])),
    );
    const [source, ...copies] = infos.map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    for (const copy of copies)
      for (const key of ["durationNs", "spans", "counterSamples", "flows", "kinds", "trackList"])
        expect(copy[key], key).toEqual(source?.[key]);
  });

  it("writes kernels of Nsight Compute and benchmark results as tables", async () => {
    const folder = await createTemporaryFolder();
    const fixture = (path: string): string => join(import.meta.dirname, "../../fixtures", path);
    for (const [source, name, words] of [
      ["ncu/two-kernels.ncu-rep", "kernels.csv", "kernels.csv: Table of kernels (CSV), "],
      ["measurements/hyperfine.json", "results.csv", "results.csv: 4 measurements\n"],
      ["measurements/hyperfine.json", "results.json", "results.json: 4 measurements\n"],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(["export", fixture(source), "--out", join(folder, name)]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout.startsWith(words), stdout).toBe(true);
    }
    expect(await readFile(join(folder, "results.csv"), "utf8")).toMatch(
      /^measurement,unit,.*\r\nsort big.txt \/ time,s,stated,lower,3,0.1999/,
    );
    const kernels = await run(["export", fixture("ncu/two-kernels.ncu-rep"), "--out", join(folder, "kernels.json")]);
    expect(kernels).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("csv-launches (.csv)") as string });
    const results = await run(["export", fixture("measurements/hyperfine.json"), "--out", join(folder, "x.dflame")]);
    expect(results.stderr).toContain('holds benchmark results, which can be written as csv or json, not as "dflame"');
  });

  it("lists the formats when it does not know the wanted one", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    expect(await run(["export", path, "--out", "x.wav"])).toMatchObject({
      exitCode: 2,
      stderr:
        'deltaflame: "x.wav" does not tell the format by its ending; --to takes deltaflame (.dflame), chrome-json (.json), csv-spans (.csv)\n',
    });
  });
});

describe("deltaflame top", () => {
  it("lists the costliest first", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const { stdout } = await run(["top", path, "--json", "--kind", "op", "--sort", "total", "--limit", "2"]);
    const top = JSON.parse(stdout) as { readonly rows: readonly Record<string, unknown>[] };
    expect(top).toMatchObject({ group: "name", kinds: ["op"], spans: 4, rowCount: 4, selfNs: 105_000, busyNs: 75_000 });
    expect(top.rows).toMatchObject([
      { name: "forward", path: ["forward"], kind: "op", count: 1, totalNs: 50_000, selfNs: 40_000, p50Ns: 50_000 },
      { name: "copy", totalNs: 30_000 },
    ]);
    expect(top.rows).toHaveLength(2);
  });

  it("groups by path", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const { stdout } = await run(["top", path, "--group", "path"]);
    expect(stdout).toContain("ProfilerStep#1 › forward › matmul");
    expect(stdout).toContain("5 of 5 lines · 5 spans");
  });
});

describe("deltaflame findings", () => {
  const sample = (name: string): string =>
    join(repositoryFolder, "traces/samples", `training-${name}.pt.trace.json.gz`);

  it("says what the step loses, and nothing once it is mended", async () => {
    const before = await run(["findings", sample("before")]);
    expect(before.exitCode).toBe(0);
    expect(before.stdout).toContain("R04  Input arrives too late  [critical");
    expect(before.stdout).toMatch(/could save \d\.\d\d\sms of a step/);
    expect(before.stdout).toMatch(/without these spans a replay of the step takes 7\.21\sms less \(35\.9\s%; 95 % /u);
    expect(before.stdout).toContain("Could not look: R14");
    const after = await run(["findings", sample("after"), "--json"]);
    const advice = JSON.parse(after.stdout) as { readonly findings: unknown[]; readonly passed: { rule: string }[] };
    expect(advice.findings).toEqual([]);
    expect(advice.passed.map(({ rule }) => rule)).toContain("R04");
  });
});

describe("deltaflame what-if", () => {
  const sample = (name: string): string =>
    join(repositoryFolder, "traces/samples", `training-${name}.pt.trace.json.gz`);
  const ask = async (...words: readonly string[]): Promise<WhatIf> =>
    JSON.parse((await run(["what-if", ...words, "--json"])).stdout) as WhatIf;

  it("tells from the trace before what the trace after shows", async () => {
    const told = await ask(sample("before"), "--remove", "DataLoader");
    const shown = await ask(sample("after"));
    expect(told.beforeNs / shown.beforeNs).toBeGreaterThan(1.5);
    expect(told.afterNs / shown.beforeNs).toBeCloseTo(1, 1);
    expect(told.savedNs?.[0]).toBeGreaterThan(0);
    expect(told.errorShare).toBeLessThan(1e-3);
  });

  it("says what a step consists of, and what changes", async () => {
    const { stdout } = await run(["what-if", sample("before"), "--scale", "gemm=0.5", "--rows", "3"]);
    expect(stdout).toMatch(/^0\.5 × the time of “gemm”: 324 spans, \d\.\d\d\sms a step\nA step would take/u);
    expect(stdout).toContain("enumerate(DataLoader)#_MultiProcessingDataLoaderIter.__next__");
    expect(stdout).toMatch(/\nand \d+ more rows\n/u);
  });

  it.each<readonly [words: readonly string[], exitCode: number, message: string]>([
    [["--remove", "no such span"], 1, 'no span is found by "no such span"'],
    [["--remove", ""], 1, "say which spans: a name, or a query as in the search"],
    [["--scale", "gemm"], 2, 'expected a query and a factor from 0, such as gemm=0.5, found "gemm"'],
    [["--scale", "gemm=-1"], 2, 'expected a query and a factor from 0, such as gemm=0.5, found "gemm=-1"'],
    [["--rows", "few"], 2, '--rows: expected a number, found "few"'],
  ])("refuses %j", async (words, exitCode, message) => {
    const refused = await run(["what-if", sample("before"), ...words]);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.stderr).toContain(message);
  });
});

describe("deltaflame findings by arguments", () => {
  /** Eight steps of three passes; the last one at the place of the first. */
  const passes = (places: readonly string[]) =>
    JSON.stringify({
      traceEvents: Array.from({ length: 8 }, (_, step) => step).flatMap((step) => [
        { ph: "X", pid: 1, tid: 1, ts: step * 1000, dur: 900, name: `ProfilerStep#${step}`, cat: "user_annotation" },
        ...places.map((place, pass) => ({
          ph: "X",
          pid: 1,
          tid: 1,
          ts: step * 1000 + pass * 300,
          dur: 290,
          name: "pass",
          cat: "cpu_op",
          args: { parameters: `${place}${step}` },
        })),
      ]),
    });

  it.each(["passes.json", "passes.json.gz"])("reads them from %s", async (name) => {
    const path = join(await createTemporaryFolder(), name);
    const write = async (places: readonly string[]): Promise<void> =>
      await writeFile(path, name.endsWith("gz") ? gzipSync(passes(places)) : passes(places));
    await write(["00c74e8", "00bb3bf", "00c74e8"]);
    expect((await run(["findings", path])).stdout).toContain("R07  Computed again from the same inputs  [critical");
    await write(["00c74e8", "00bb3bf", "00d15ea"]);
    expect((await run(["findings", path])).stdout).toMatch(/Nothing found by: .*\bR07\b/u);
  });
});

describe("deltaflame spans", () => {
  it("lists spans in time order, of a track and a range", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const all = JSON.parse((await run(["spans", path, "--json"])).stdout) as readonly Record<string, unknown>[];
    expect(all.map((span) => [span["name"], span["startNs"], span["durationNs"]])).toEqual([
      ["ProfilerStep#1", 0, 100_000],
      ["forward", 10_000, 50_000],
      ["matmul", 20_000, 10_000],
      ["copy", 30_000, 30_000],
      ["backward", 70_000, 25_000],
    ]);
    const some = JSON.parse(
      (await run(["spans", path, "--json", "--track", "tid 1", "--from", "65000", "--to", "80000"])).stdout,
    ) as readonly Record<string, unknown>[];
    expect(some.map((span) => span["name"])).toEqual(["ProfilerStep#1", "backward"]);
    const none = await run(["spans", path, "--json", "--from", "200000"]);
    expect(JSON.parse(none.stdout)).toEqual([]);
    const text = (await run(["spans", path, "--track", "aux"])).stdout.split("\n");
    expect(text[0]?.trim().split(/ {2,}/)).toEqual(["start ns", "duration ns", "self ns", "kind", "track", "name"]);
    expect(text[1]?.trim().split(/ {2,}/).slice(0, 4)).toEqual(["30000", "30000", "30000", "op"]);
    expect(text).toHaveLength(3);
  });

  it("streams many spans as one JSON array", async () => {
    const path = writeManySpans(await createTemporaryFolder(), "many.json", 20_000);
    const { stdout } = await run(["spans", path, "--json"]);
    const spans = JSON.parse(stdout) as readonly Record<string, unknown>[];
    expect(spans).toHaveLength(20_000);
    expect(spans[19_999]).toMatchObject({ name: "op 49", startNs: 199_990_000, durationNs: 8000 });
    expect(stdout.split("\n")).toHaveLength(20_003);
  });

  it("ends quietly when the reader has seen enough", async () => {
    const path = writeManySpans(await createTemporaryFolder(), "many.json", 100_000);
    const { exitCode, stderr } = await run(["spans", path], { closeAfterBytes: 1000 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("shows hostile names as harmless text", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "evil.json", [
      { ph: "X", pid: 1, tid: 1, name: "a\x1b[2Jb\r\nc\u202Ed", ts: 1, dur: 1 },
    ]);
    for (const command of ["info", "top", "spans"]) {
      const { stdout } = await run([command, path]);
      expect(["\x1b", "\r", "\u202E"].filter((character) => stdout.includes(character))).toEqual([]);
    }
    expect((await run(["spans", path])).stdout).toContain("a\uFFFD[2Jb c\uFFFDd");
  });
});
