import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exporter } from "../../../traces/exporters/exporter.ts";
import { chromeJson } from "../../../traces/exporters/formats/chrome-json.ts";
import { deltaflame } from "../../../traces/exporters/formats/deltaflame.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { exportBytes } from "../../unit/exporters/export-bytes.ts";
import { corpusPath, hasCorpora, importPath, skipNote } from "./corpora.ts";

const formats = ["chrome", "kineto", "jaxjson", "ort", "xplane", "nsys", "perfetto", "cpuprof"];
/** Files that no importer takes, on purpose. */
const refused: ReadonlySet<string> = new Set([
  "tpu_inference_2_CORRUPT_at_HEAD.xplane.pb",
  "speedscope_speedscope_invalid_out-of-order-events.json",
]);
const files: [string, string][] = [];
if (hasCorpora) {
  for (const format of formats)
    for (const file of await readdir(corpusPath(format, "."))) if (!refused.has(file)) files.push([format, file]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltaflame-exports-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function roundTrip(trace: Trace, exporter: Exporter): Promise<Trace> {
  const path = join(folder, `again.${exporter.extension}`);
  await writeFile(path, await exportBytes(exporter, trace, { keepHomeFolders: true }));
  return await importPath(path);
}

describe.skipIf(!hasCorpora)(`real traces come back equal${skipNote}`, () => {
  it.each(files)(
    "%s/%s",
    async (format, file) => {
      const trace = await importPath(corpusPath(format, file));
      const dump = dumpTrace(trace);
      const { originClockNs, originUnixNs, durationNs, facts } = trace.meta;
      for (const exporter of [chromeJson, deltaflame]) {
        const again = await roundTrip(trace, exporter);
        expect(dumpTrace(again) === dump, `${exporter.id} differs`).toBe(true);
        expect(again.tracks).toEqual(trace.tracks);
        expect(again.meta).toMatchObject({ originClockNs, durationNs });
        expect(again.meta.originUnixNs).toBe(originUnixNs);
        expect(again.meta.facts.slice(0, facts.length)).toEqual(facts);
      }
    },
    180_000,
  );
});
