import { describe, expect, it } from "vitest";
import { importFile } from "../../../traces/importers/import-file.ts";
import { importers } from "../../../traces/importers/registry.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { brokenFiles } from "../../fixtures/broken/broken-files.ts";
import { contextFor } from "./import-text.ts";

describe("files that are no trace", () => {
  it.each(brokenFiles.map((file) => [file.what, file] as const))(
    "says what %s is",
    async (_what, { bytes, message }) => {
      const reading = importFile(memorySource(bytes), {
        builder: createTraceBuilder(),
        context: contextFor("trace.json"),
      });
      await expect(reading).rejects.toThrow(TraceFormatError);
      await expect(
        importFile(memorySource(bytes), { builder: createTraceBuilder(), context: contextFor("trace.json") }),
      ).rejects.toThrow(message);
    },
  );

  it("names every format that can be opened", async () => {
    const error = await importFile(memorySource(new Uint8Array([1, 2, 3])), {
      builder: createTraceBuilder(),
      context: contextFor("x"),
    }).catch((each: unknown) => each);
    for (const importer of importers) for (const name of importer.shortNames) expect(String(error)).toContain(name);
  });
});
