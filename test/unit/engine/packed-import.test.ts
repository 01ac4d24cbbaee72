import { expect, it } from "vitest";
import { withOutline } from "../../../electron/engine/imports/perform-import.ts";
import { packImport, unpackImport } from "../../../electron/engine/imports/packed-import.ts";
import { importContent } from "../importers/import-text.ts";

it("an import comes out of its message as it went in", async () => {
  const trace = await importContent(
    `[${[
      '{"ph":"M","pid":1,"name":"process_sort_index","args":{"sort_index":-5}}',
      '{"ph":"X","pid":1,"tid":1,"name":"a","ts":0,"dur":5}',
      '{"ph":"X","pid":1,"tid":1,"name":"crossing","ts":3,"dur":5}',
      '{"ph":"X","pid":2,"tid":"text","name":"b","ts":1,"dur":2}',
      '{"ph":"i","pid":2,"tid":3,"name":"c","ts":1}',
      '{"ph":"C","pid":2,"name":"n","ts":1,"args":{"x":-3,"y":4}}',
      '{"ph":"C","pid":2,"name":"n","ts":2,"args":{"x":7}}',
    ].join(",")}]`,
  );
  const imported = withOutline(trace);
  expect(imported.outline.tracks.some(({ laneRows }) => laneRows.length > 0)).toBe(true);
  expect(unpackImport(structuredClone(packImport(imported)))).toEqual(imported);
});
