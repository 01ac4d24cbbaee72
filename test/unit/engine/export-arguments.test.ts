import { expect, test } from "vitest";
import { createExportArguments } from "../../../electron/engine/export-arguments.ts";
import { readNotes } from "../../../electron/engine/runs/read-notes.ts";
import { createColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import { chromeJson } from "../../../traces/exporters/formats/chrome-json.ts";
import { allocatePlain } from "../../../traces/model/column.ts";

const spanCount = 5000;

test("the notes of a run are exported without waiting for each, but let others have their turn", async () => {
  const recordings = createRecordings({ monotonicNs: 0n, unixNs: 0n });
  let nowNs = 0;
  const clock = (): number => nowNs++;
  const recorder = createColumnRecorder({ track: 0, name: "main", clock, tell: recordings.take });
  const name = recorder.name("op");
  for (let span = 0; span < spanCount; span++) {
    recorder.begin(name);
    recorder.note("index", span);
    recorder.end();
  }
  const description = { name: "run", format: "live-run", formatLabel: "Live run", facts: [] };
  const trace = recordings.toTrace(description, { allocate: allocatePlain, partial: false });
  const found = createExportArguments(trace, readNotes({ ...recordings, close: () => undefined }), () => undefined);

  const waits = Array.from({ length: spanCount }, (_, span) => found.ofSpan(span) instanceof Promise);
  expect(waits.filter(Boolean)).toHaveLength(2);

  let text = "";
  const context = { writer: "test", keepHomeFolders: true, throwIfCancelled() {}, reportProgress() {} };
  for await (const piece of chromeJson.write(trace, { ...context, argumentReader: found }))
    text += new TextDecoder().decode(piece);
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly { ph: string; args?: unknown }[] };
  const args = traceEvents.filter(({ ph }) => ph === "X").map((event) => event.args);
  expect(args).toEqual(Array.from({ length: spanCount }, (_, index) => ({ index: String(index) })));
});
