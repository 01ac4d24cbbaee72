import { format, toTable } from "./report.mjs";

/** @typedef {Awaited<ReturnType<typeof import("./run-window.mjs").measureRunWindow>>} Seen */

/** What must hold of the window while a run is live. @param {Seen} seen */
export function runWindowRows({ window, main, stopMs }) {
  return [
    atMost("tasks of the window above 16 ms during a run, wall time", window.overWall, 0, 0),
    atMost("longest task of the window during a run, processor ms", window.longest[0]?.cpuMs ?? 0, 16, 1),
    atMost("the same of the main process", main.longest[0]?.cpuMs ?? 0, 16, 1),
    atMost("from Stop to stopped, ms", stopMs, 1000, 0),
  ];
}

/** What was seen in the real app. @param {Seen} seen */
export function describeRunWindow({ runtime, frameMs, lateMs, pauses, window, main }) {
  const tasks = (/** @type {Seen["window"]["longest"]} */ longest) =>
    longest
      .map(({ cpuMs, ms, inside }) => `${format(cpuMs, 1)} of ${format(ms, 1)} ms (${inside || "nothing told"})`)
      .join("; ");
  return [
    "### The window while a run is live",
    "",
    `naive and fast at batches of 1, 16 and 64, flame chart open; ${runtime}, drawn in software. A task's processor time is what the app asks for; its wall time includes waiting for a processor, which the benchmark and the drawing share. What the machine itself adds: of ${pauses.processors} bare loops beside each other, alone for ${format(pauses.seconds, 0)} s, the longest pause was ${format(pauses.longestMs, 1)} ms, ${pauses.count} were of ${pauses.toldFromMs} ms and more.`,
    "",
    toTable(
      ["", "tasks", "longest, processor ms", "above 16 ms, processor", "longest, wall ms", "above 16 ms, wall"],
      [row("window, main thread", window), row("main process", main)],
    ),
    "",
    `Frames: median ${format(frameMs.p50, 1)}, p95 ${format(frameMs.p95, 1)}, p99 ${format(frameMs.p99, 1)} ms. Event loop of the main process: p99 ${format(lateMs.p99, 1)} ms late, ${format(lateMs.max, 1)} ms at most. Most processor time of the window: ${tasks(window.longest)}. Most wall time: ${tasks(window.slowest)}.`,
  ].join("\n");
}

/** @param {string} name @param {Seen["window"]} tasks */
function row(name, { count, longest, overCpu, slowest, overWall }) {
  return [
    name,
    format(count, 0),
    format(longest[0]?.cpuMs ?? 0, 1),
    String(overCpu),
    format(slowest[0]?.ms ?? 0, 1),
    String(overWall),
  ];
}

/** @param {string} label @param {number} value @param {number} most @param {number=} digits */
export function atMost(label, value, most, digits = 3) {
  return [label, format(value, digits), `≤ ${most}`, mark(value <= most)];
}

/** @param {boolean} holds */
export function mark(holds) {
  return holds ? "holds" : "**missed**";
}
