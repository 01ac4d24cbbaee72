// Writes the bundled samples: node native-bench/samples/make-samples.mjs [--record]
// Without --record the ONNX Runtime profile, which is a measurement, is left as it is.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { makePipelineCounters } from "./make-pipeline-counters.mjs";
import { loaderChange, makeTrainingStep } from "./make-training-step.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../traces/samples");
mkdirSync(folder, { recursive: true });
write("training-step-gpu.pt.trace.json.gz", gzip(makeTrainingStep()));
write("training-before.pt.trace.json.gz", gzip(makeTrainingStep(loaderChange.before)));
write("training-after.pt.trace.json.gz", gzip(makeTrainingStep(loaderChange.after)));
write("pipeline-counters.json", makePipelineCounters());
if (process.argv.includes("--record") || !existsSync(join(folder, "onnxruntime-run.json.gz"))) {
  const { recordOnnxRuntimeRun } = await import("./make-onnxruntime-run.mjs");
  write("onnxruntime-run.json.gz", gzip(await recordOnnxRuntimeRun()));
}

/**
 * The same bytes on every system: the header's byte 9 names the one that compressed.
 * @param {string} text
 */
function gzip(text) {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255;
  return bytes;
}

/** @param {string} name @param {string | Uint8Array} content */
function write(name, content) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`${name}: ${Buffer.byteLength(content).toLocaleString("en-US")} B\n`);
}
