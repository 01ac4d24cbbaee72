import { expect, it } from "vitest";
import { runCli } from "../../../electron/cli/run-cli.ts";
import type { Runs } from "../../../electron/engine/runs/run-job.ts";
import { workloads } from "../../../native-bench/workloads/registry.ts";

it("has a command for every workload, whose flags do not get in each other's way", async () => {
  for (const { facts } of workloads) {
    let output = "";
    const exitCode = await runCli(["bench", facts.id, "--help"], {
      terminal: {
        write: async (text) => void (output += text),
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
    expect(output).toContain("--run-budget");
    for (const id of Object.keys(facts.options))
      expect(output).toContain(`--${id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
});
