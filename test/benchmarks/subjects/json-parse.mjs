// node json-parse.mjs FILE utf8|latin1: the whole file as one string, parsed, and no model built.
import { readFileSync } from "node:fs";
import { peakRssKb } from "./peak-memory.mjs";

const [file, encoding] = process.argv.slice(2);
const startMs = performance.now();
const { traceEvents } = JSON.parse(readFileSync(file, encoding === "latin1" ? "latin1" : "utf8"));
const ms = performance.now() - startMs;
process.stdout.write(JSON.stringify({ ms, maxRssKb: peakRssKb(), events: traceEvents.length }));
