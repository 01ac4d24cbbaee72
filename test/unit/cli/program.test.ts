import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCli } from "../../../electron/cli/run-cli.ts";
import type { Runs } from "../../../electron/engine/runs/run-job.ts";
import { workloads } from "../../../native-bench/workloads/registry.ts";

async function helpOf(...words: readonly string[]): Promise<string> {
  let output = "";
  const exitCode = await runCli([...words, "--help"], {
    terminal: {
      write: async (text) => void (output += text),
      stream: () => Promise.reject(new Error("help is printed at once")),
      writeError: (text) => void (output += text),
      showProgress: () => undefined,
      columns: null,
      color: false,
    },
    signal: new AbortController().signal,
    workingFolder: ".",
    version: "0",
    distFolder: ".",
    createImports: () => {
      throw new Error("not asked for");
    },
    createRuns: () => ({ catalog: workloads.map((workload) => workload.facts) }) as unknown as Runs,
  });
  expect(exitCode, output).toBe(0);
  return output;
}

it("has a command for every workload, whose flags do not get in each other's way", async () => {
  for (const { facts } of workloads) {
    const output = await helpOf("bench", facts.id);
    expect(output).toContain("--run-budget");
    for (const id of Object.keys(facts.options))
      expect(output).toContain(`--${id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
});

it("tells of every command and its options where the command line is described", async () => {
  const described = readFileSync(new URL("../../../electron/cli/README.md", import.meta.url), "utf8");
  const untold: string[] = [];
  const commands = [...((await helpOf()).split("Commands:")[1]?.matchAll(/^ {2}([a-z]+) /gmu) ?? [])].map(
    ([, name]) => name,
  );
  expect(commands).toContain("info");
  for (const name of commands) {
    if (name === undefined || name === "help") continue;
    if (!described.includes(`\`${name} `)) untold.push(name);
    for (const [option] of (await helpOf(name)).matchAll(/(?<![\w-])--[a-z-]+/gu))
      if (option !== "--help" && !described.includes(option)) untold.push(`${name} ${option}`);
  }
  expect(untold).toEqual([]);
});
