/** Of operators and of kernels: more than a byte counts, as in most traces; loops are compiled for the width of their columns. */
const nameCount = 400;
const hostTids = [11, 12];
const stream = 7;
/** Microseconds since 1970, as profilers write them. */
const startUs = 1_712_195_495_406_757;
const usBetween = 10;

/**
 * A trace as PyTorch writes it, which is what most files are: operators in two threads, each with a call that launches
 * a kernel, and the arrows between them. UTF-8 of Chrome JSON, some 1,100 bytes a launch.
 */
export function makeWarmUpTrace(launchCount: number): Uint8Array {
  const events = hostTids.map((tid) => metaEvent("thread_name", tid, `thread ${tid}`));
  for (let index = 0; index < launchCount; index++) events.push(...launchEvents(index));
  return new TextEncoder().encode(`{"schemaVersion": 1, "traceEvents": [\n${events.join(",\n")}\n]}`);
}

function metaEvent(what: string, tid: number, name: string): string {
  return `{"ph": "M", "name": "${what}", "pid": 1, "tid": ${tid}, "ts": 0, "args": {"name": "${name}"}}`;
}

function launchEvents(index: number): readonly string[] {
  const tid = hostTids[index % hostTids.length] ?? 0;
  const host = `"pid": 1, "tid": ${tid}`;
  const device = `"pid": 0, "tid": ${stream}`;
  const name = `operator ${index % nameCount}`;
  const at = (offsetUs: number): string => `"ts": ${startUs + index * usBetween + offsetUs}.125`;
  const ids = `"External id": ${index}, "correlation": ${index}`;
  const span = (category: string, title: string, where: string, when: string, durUs: number, more: string): string =>
    `{"ph": "X", "cat": "${category}", "name": "${title}", ${where}, ${when}, "dur": ${durUs}.250, "args": {${more}}}`;
  const arrow = (phase: string, where: string, when: string): string =>
    `{"ph": "${phase}", "id": ${index}, ${where}, ${when}, "cat": "ac2g", "name": "ac2g"${phase === "f" ? ', "bp": "e"' : ""}}`;
  return [
    span("cuda_runtime", "cudaLaunchKernel", host, at(2), 3, `${ids}, "cbid": 211`),
    arrow("s", host, at(2)),
    span("kernel", `kernel ${index % nameCount}`, device, at(4), 5, `${ids}, "stream": ${stream}, "grid": [1, 2, 3]`),
    arrow("f", device, at(4)),
    span("cpu_op", name, host, at(1), 6, `${ids}, "Ev Idx": ${index}`),
    `{"ph": "i", "s": "t", "name": "[memory]", ${host}, ${at(6)}, "args": {"Total Allocated": ${index}}}`,
  ];
}
