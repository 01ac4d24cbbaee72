import { closeSync, openSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

type TraceEvent = Readonly<Record<string, unknown>>;

/**
 * Two threads, a step with an op that launches work on the other thread, a counter, an instant:
 *
 *   main | ProfilerStep#1 --------------------
 *        |   forward -----------   backward --
 *        |      matmul --
 *   aux  |         copy ------
 */
export const richEvents: readonly TraceEvent[] = [
  { ph: "M", pid: 1, tid: 1, name: "thread_name", args: { name: "main" } },
  { ph: "M", pid: 1, tid: 2, name: "thread_name", args: { name: "aux" } },
  { ph: "X", pid: 1, tid: 1, name: "ProfilerStep#1", cat: "user_annotation", ts: 1000, dur: 100 },
  {
    ph: "X",
    pid: 1,
    tid: 1,
    name: "forward",
    cat: "cpu_op",
    ts: 1010,
    dur: 50,
    args: { "Input Dims": [[2, 3], []], "Fwd thread id": 0, note: 'a "quoted" word' },
  },
  { ph: "X", pid: 1, tid: 1, name: "matmul", cat: "cpu_op", ts: 1020, dur: 10, args: { bytes: 2 ** 53 } },
  { ph: "X", pid: 1, tid: 1, name: "backward", cat: "cpu_op", ts: 1070, dur: 25 },
  { ph: "X", pid: 1, tid: 2, name: "copy", cat: "cpu_op", ts: 1030, dur: 30 },
  { ph: "s", pid: 1, tid: 1, id: 5, name: "hand over", cat: "async", ts: 1021 },
  { ph: "f", pid: 1, tid: 2, id: 5, name: "hand over", cat: "async", ts: 1031, bp: "e" },
  { ph: "C", pid: 1, name: "memory", ts: 1000, args: { used: 4 } },
  { ph: "C", pid: 1, name: "memory", ts: 1050, args: { used: 9 } },
  { ph: "i", pid: 1, tid: 1, name: "mark", s: "t", ts: 1040, args: { why: "because" } },
];

/** Writes events as a Chrome trace; gives the path. The number above 2^53 is written digit by digit. */
export async function writeEvents(
  folder: string,
  name: string,
  events: readonly TraceEvent[] = richEvents,
): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ traceEvents: events }).replace("9007199254740992", "9007199254740993"));
  return path;
}

/** Writes a file of many equal spans on one thread, about 110 bytes each. */
export function writeManySpans(folder: string, name: string, count: number): string {
  const path = join(folder, name);
  const file = openSync(path, "wx");
  writeSync(file, '{"traceEvents":[\n');
  const perBlock = 10_000;
  for (let first = 0; first < count; first += perBlock) {
    let block = "";
    for (let i = first; i < Math.min(count, first + perBlock); i++) {
      block += `${i === 0 ? "" : ",\n"}{"ph":"X","pid":1,"tid":1,"cat":"cpu_op","name":"op ${i % 50}","ts":${i * 10},"dur":8,"args":{"index":${i},"pad":"............"}}`;
    }
    writeSync(file, block);
  }
  writeSync(file, "\n]}\n");
  closeSync(file);
  return path;
}
