// node trace-engine.mjs FILE: Chrome DevTools' trace model with all its handlers. It expects a browser, so it gets a stub.
import { readFileSync } from "node:fs";
import { peakRssKb } from "./peak-memory.mjs";

/** @this {object} @param {number} x @param {number} y @param {number} width @param {number} height */
function DomRect(x, y, width, height) {
  Object.assign(this, { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height });
}
Object.assign(globalThis, { DOMRect: DomRect });
const { TraceModel } = await import("@paulirish/trace_engine");

const startMs = performance.now();
const { traceEvents } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const model = TraceModel.Model.createWithAllHandlers();
await model.parse(traceEvents, { isFreshRecording: false });
const ms = performance.now() - startMs;
if (model.parsedTrace() === null) throw new Error("no parsed trace came back");
process.stdout.write(JSON.stringify({ ms, maxRssKb: peakRssKb(), events: traceEvents.length }));
