import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes a Chrome trace of one thread with two nested spans; gives its path. */
export async function writeSmallTrace(folder: string, name: string): Promise<string> {
  const base = { ph: "X", pid: 1, tid: 1, cat: "cpu_op" };
  const events = [
    { ...base, name: "forward", ts: 100, dur: 50 },
    { ...base, name: "matmul", ts: 110, dur: 20 },
  ];
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ traceEvents: events }));
  return path;
}
