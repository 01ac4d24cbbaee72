import { closeSync, openSync, writeSync } from "node:fs";
import { denseNames, denseTracks, makeDenseSpans } from "./dense-spans.mjs";

const chunkCharacters = 1 << 20;

/**
 * The dense spans as a Chrome trace, an event a line, as short as can be: 10 million of them are 0.8 GB.
 * @param {string} file @param {{ spans: number, seed: number }} options
 */
export function makeDenseFile(file, options) {
  const descriptor = openSync(file, "w");
  let text = '{"traceEvents":[\n{"ph":"M","pid":1,"name":"process_name","args":{"name":"process"}}';
  for (let track = 0; track < denseTracks; track++)
    text += `,\n{"ph":"M","pid":1,"tid":${track},"name":"thread_name","args":{"name":"thread ${track}"}}`;
  makeDenseSpans(options, (track, startNs, durationNs, name) => {
    text += `,\n{"ph":"X","pid":1,"tid":${track},"name":"${denseNames[name]}","ts":${startNs / 1000},"dur":${durationNs / 1000}}`;
    if (text.length < chunkCharacters) return;
    writeSync(descriptor, text);
    text = "";
  });
  writeSync(descriptor, `${text}\n]}\n`);
  closeSync(descriptor);
}
