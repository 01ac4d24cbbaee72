import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { importNiceness, startIdle, startYielding, yieldingNiceness } from "../../../native-bench/machine/priority.ts";

/** A thread that tells its own niceness as soon as it can, and its id. */
function openThread(): Worker {
  const source = `
    const { readlinkSync } = require("node:fs");
    const thread = readlinkSync("/proc/thread-self").split("/").at(-1);
    require("node:worker_threads").parentPort.postMessage({ thread, niceness: require("node:os").getPriority(0) });
    setInterval(() => undefined, 1000);
  `;
  const worker = new Worker(source, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
}

const firstWord = (worker: Worker): Promise<{ readonly thread: string; readonly niceness: number }> =>
  new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));

/** Field 41 of a thread's line: 0 usual, 5 idle. */
function policyOf(thread: string): string | undefined {
  return readFileSync(`/proc/self/task/${thread}/stat`, "utf8").split(") ").at(-1)?.split(" ")[38];
}

describe.runIf(process.platform === "linux" && getPriority(0) === 0)("threads beside a window", () => {
  test("give way before their own code runs, and they alone", async () => {
    const { niceness } = await firstWord(startYielding(openThread, importNiceness));
    expect(niceness).toBe(importNiceness);
    expect(getPriority(0)).toBe(0);
    expect((await firstWord(openThread())).niceness).toBe(0);
  });

  test.runIf(existsSync("/usr/bin/chrt"))(
    "leave the processor to everybody else when they belong to a run",
    async () => {
      const { thread, niceness } = await firstWord(startIdle(openThread));
      expect(niceness).toBe(yieldingNiceness);
      await vi.waitFor(() => expect(policyOf(thread)).toBe("5"), { timeout: 10_000 });
    },
  );

  test("let the helpers of V8 give way a little", () => {
    const code = `
      import { readdirSync } from "node:fs";
      import { getPriority } from "node:os";
      import { runnerImport } from "vite";
      const { module } = await runnerImport("./native-bench/machine/priority.ts", { configFile: false });
      const count = module.yieldHelpers();
      const lowered = readdirSync("/proc/self/task").filter((thread) => getPriority(Number(thread)) === 5);
      console.log(JSON.stringify({ count, lowered: lowered.length, own: getPriority(0) }));
    `;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" });
    const { count, lowered, own } = JSON.parse(output);
    expect(own).toBe(0);
    expect(count).toBeGreaterThan(0);
    expect(lowered).toBe(count);
  });
});
