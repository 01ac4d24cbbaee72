import { readFileSync } from "node:fs";
import { PbfReader } from "pbf";
import { peakRssKb } from "./peak-memory.mjs";

/*
 * The baseline of protobuf imports: all fields of all messages of a file in memory, by the library alone and without a
 * trace. Usage: pbf-walk.mjs PATH xspace|perfetto
 */

/** Nested messages by path of fields; everything else is read as number or passed over. */
const nestedFields = {
  xspace: new Set(["1", "1.3", "1.3.4", "1.3.4.4"]),
  perfetto: new Set(["1", "1.11", "1.11.4", "1.12", "1.60"]),
};

const [, , path = "", kind = "xspace"] = process.argv;
const nested = nestedFields[kind === "perfetto" ? "perfetto" : "xspace"];
const startMs = performance.now();
const reader = new PbfReader(readFileSync(path));
let fields = 0;
let sum = 0;

/** @param {number} end @param {string} prefix */
function walk(end, prefix) {
  for (let field = reader.nextField(end); field > 0; field = reader.nextField(end)) {
    fields++;
    if (reader.type === 0) sum += reader.readVarint(true);
    else if (reader.type === 2) {
      const length = reader.readVarint();
      const last = reader.pos + length;
      const own = prefix === "" ? String(field) : `${prefix}.${field}`;
      if (nested.has(own)) walk(last, own);
      reader.pos = last;
    }
  }
}

walk(reader.length, "");
process.stdout.write(JSON.stringify({ ms: performance.now() - startMs, maxRssKb: peakRssKb(), events: fields, sum }));
