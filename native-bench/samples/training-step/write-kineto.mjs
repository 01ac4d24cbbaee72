import { devicePid, hostPid, stream } from "./simulator.mjs";

/** Time 0 of the file's clock: 2025-01-01 00:00:00 UTC. */
const baseTimeNs = 1_735_689_600_000_000_000n;

/**
 * Microseconds with three decimals, as text: times of the file are exact to the ns.
 * @param {number} ns
 */
const toMicroseconds = (ns) => `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, "0")}`;

/**
 * @param {{ spans: readonly import("./simulator.mjs").SimulatedSpan[], flows: readonly import("./simulator.mjs").SimulatedFlow[] }} simulated
 * @param {{ main: number, autograd: number, loader: number }} threads
 */
export function writeKineto({ spans, flows }, threads) {
  /** @param {unknown} value */
  const text = (value) => JSON.stringify(value);
  const events = [
    ...metadata(threads),
    ...spans.map(
      ({ cat, name, pid, tid, startNs: ts, endNs: end, args }) =>
        `{"ph":"X","cat":${text(cat)},"name":${text(name)},"pid":${pid},"tid":${tid},"ts":${toMicroseconds(ts)},"dur":${toMicroseconds(end - ts)},"args":${text(args)}}`,
    ),
    ...flows.flatMap(({ cat, id, from, to }) => [
      `{"ph":"s","id":${id},"pid":${from.pid},"tid":${from.tid},"ts":${toMicroseconds(from.timeNs)},"cat":"${cat}","name":"${cat}"}`,
      `{"ph":"f","id":${id},"pid":${to.pid},"tid":${to.tid},"ts":${toMicroseconds(to.timeNs)},"cat":"${cat}","name":"${cat}","bp":"e"}`,
    ]),
  ];
  const device = {
    id: 0,
    name: "Simulated GPU",
    totalGlobalMem: 85_899_345_920,
    computeMajor: 9,
    computeMinor: 0,
    maxThreadsPerBlock: 1024,
    warpSize: 32,
    numSms: 132,
  };
  return [
    "{",
    `"schemaVersion": 1,`,
    `"deviceProperties": [${text(device)}],`,
    `"distributedInfo": {"backend": "nccl", "rank": 0, "world_size": 8},`,
    `"record_shapes": 1, "with_modules": 1,`,
    `"displayTimeUnit": "ms",`,
    `"baseTimeNanoseconds": ${baseTimeNs},`,
    `"traceEvents": [`,
    events.join(",\n"),
    `],`,
    `"traceName": "training-step-gpu.pt.trace.json"`,
    "}",
    "",
  ].join("\n");
}

/** @param {{ main: number, autograd: number, loader: number }} threads */
function metadata(threads) {
  /** @param {string} name @param {number} pid @param {number} tid @param {object} args */
  const meta = (name, pid, tid, args) =>
    `{"ph":"M","name":"${name}","pid":${pid},"tid":${tid},"ts":0,"args":${JSON.stringify(args)}}`;
  /** @type {[number, string][]} */
  const names = [
    [threads.main, `thread ${threads.main} (main)`],
    [threads.autograd, `thread ${threads.autograd} (autograd)`],
    [threads.loader, `thread ${threads.loader} (data loader)`],
  ];
  /** @type {[number, string][]} */
  const streams = [
    [stream.compute, "stream 7 (compute)"],
    [stream.copy, "stream 13 (copy)"],
    [stream.nccl, "stream 20 (nccl)"],
  ];
  return [
    meta("process_name", hostPid, 0, { name: "python" }),
    meta("process_labels", hostPid, 0, { labels: "CPU" }),
    meta("process_sort_index", hostPid, 0, { sort_index: hostPid }),
    meta("process_name", devicePid, 0, { name: "python" }),
    meta("process_labels", devicePid, 0, { labels: "GPU 0" }),
    meta("process_sort_index", devicePid, 0, { sort_index: 5_000_000 }),
    ...names.map(([tid, name]) => meta("thread_name", hostPid, tid, { name })),
    ...names.map(([tid], index) => meta("thread_sort_index", hostPid, tid, { sort_index: index })),
    ...streams.map(([tid, name]) => meta("thread_name", devicePid, tid, { name })),
    ...streams.map(([tid], index) => meta("thread_sort_index", devicePid, tid, { sort_index: index })),
  ];
}
