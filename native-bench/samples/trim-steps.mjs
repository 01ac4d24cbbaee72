// node native-bench/samples/trim-steps.mjs TRACE.pt.trace.json SAMPLE.pt.trace.json.gz [--steps=3]
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

/*
 * Makes a sample of a trace of the PyTorch profiler: its last steps, without the folder that it was written to. Events are
 * as they were; flows of which one end lies outside are left out with the other.
 */

/** @typedef {{ ph: string, name?: string, cat?: string, id?: number, ts: number, dur?: number, args?: Record<string, unknown> }} Event */

const [input = "", output = ""] = process.argv.slice(2);
const steps = Number(process.argv.find((word) => word.startsWith("--steps="))?.slice("--steps=".length) ?? "3");
const trace = JSON.parse(readFileSync(input, "utf8"));
/** @type {readonly Event[]} */
const events = trace.traceEvents;
const kept = events
  .filter(({ cat, name }) => cat === "user_annotation" && name?.startsWith("ProfilerStep#"))
  .toSorted((a, b) => a.ts - b.ts)
  .slice(-steps);
if (kept.length < steps) throw new Error(`expected ${steps} steps, found ${kept.length} (${input})`);
const [from, to] = [kept[0].ts, Math.max(...kept.map(({ ts, dur = 0 }) => ts + dur))];
const inside = events.filter(({ ph, ts, dur = 0 }) => ph === "M" || (ts >= from && ts + dur <= to));
const flowOf = (/** @type {Event} */ { cat, id }) => `${cat} ${id}`;
const ends = new Map(["s", "f"].map((ph) => [ph, new Set(inside.filter((event) => event.ph === ph).map(flowOf))]));
const traceEvents = inside.filter(
  (event) => !ends.has(event.ph) || [...ends.values()].every((flows) => flows.has(flowOf(event))),
);
const sample = { ...trace, traceEvents, traceName: basename(output, ".gz") };
writeFileSync(output, gzipSync(JSON.stringify(sample), { level: 9 }));
process.stdout.write(`${output}: ${traceEvents.length} of ${events.length} events\n`);
