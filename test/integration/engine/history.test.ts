import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createRandom } from "../../../traces/measure/random.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { openEngine } from "./open-engine.ts";

const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };

it("keeps runs of a suite, alerts on the change, and refuses what holds no results", async () => {
  const folder = await createTemporaryFolder();
  const history = join(folder, "history");
  const { engine, client } = openEngine(undefined, undefined, undefined, history);
  const write = async (name: string, factor: number): Promise<string> => {
    const random = createRandom(name);
    const benchmarks = Array.from({ length: 12 }, () => ({
      name: "sort",
      run_type: "iteration",
      iterations: 1,
      real_time: factor * (100 + random.normal()),
      time_unit: "us",
    }));
    const path = join(folder, name);
    await writeFile(path, JSON.stringify({ context: {}, benchmarks }));
    engine.grant(name, { path, name });
    return name;
  };
  expect(await client.call("history.list", { count: 10 })).toEqual([]);
  const keep = async (name: string, factor: number) =>
    client.call("history.keep", { suite: "../my suite", options, file: await write(name, factor) });
  expect(await keep("one.json", 1)).toEqual({ comparison: null });
  const { comparison } = await keep("two.json", 1.3);
  expect(comparison?.counts.regressed).toBe(1);
  const [suite] = await client.call("history.list", { count: 10 });
  // A name is text; its folder lies inside the history whatever it says.
  expect(suite).toMatchObject({ suite: "__my_suite", runCount: 2 });
  const { series, keptAt, latest } = await client.call("history.read", { suite: "__my_suite", options });
  expect(keptAt).toHaveLength(2);
  expect(series[0]?.points.map(({ verdict }) => verdict)).toEqual([null, "regressed"]);
  expect(latest?.sentence).toContain("1 regressed");

  await mkdir(join(history, "empty"));
  expect(await client.call("history.list", { count: 10 })).toHaveLength(1);
  engine.grant("bad.json", { path: join(folder, "bad.json"), name: "bad.json" });
  await writeFile(join(folder, "bad.json"), "no json");
  await expect(client.call("history.keep", { suite: "s", options, file: "bad.json" })).rejects.toThrow(/expected/);
  await expect(client.call("history.keep", { suite: "s", options, file: "unknown" })).rejects.toThrow(/not chosen/);
  expect(await client.call("history.list", { count: 10 })).toHaveLength(1);
  await engine.close();
});
