// node read-alone.mjs FILE plain|whole|stream|gzip: only reads or inflates the file, which no import can fall below.
// plain: 1 MiB at a time into one buffer, which stays in the cache of the processor; whole: into fresh memory, by
// `fs.readFile`; stream: `fs.createReadStream` as it is when nothing is said.
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { inflateAlone } from "./inflate-alone.mjs";
import { peakRssKb } from "./peak-memory.mjs";

const [file, how] = process.argv.slice(2);
const startMs = performance.now();
let bytes = 0;
if (how === "gzip") {
  ({ bytes } = await inflateAlone(file));
} else if (how === "whole") {
  bytes = (await readFile(file)).length;
} else if (how === "stream") {
  for await (const piece of createReadStream(file)) bytes += piece.length;
} else {
  const target = new Uint8Array(2 ** 20);
  const descriptor = openSync(file, "r");
  for (let count = 1; count > 0; bytes += count) count = readSync(descriptor, target, 0, target.length, bytes);
  closeSync(descriptor);
}
const ms = performance.now() - startMs;
process.stdout.write(JSON.stringify({ ms, maxRssKb: peakRssKb(), bytes }));
