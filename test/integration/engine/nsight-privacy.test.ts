import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EngineClient } from "../../../electron/contract/engine-contract.ts";
import type { Exporter } from "../../../traces/exporters/exporter.ts";
import { exporters } from "../../../traces/exporters/registry.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { secretMarker } from "../../fixtures/nsight/training-database.ts";
import { openEngine } from "./open-engine.ts";

const path = join(import.meta.dirname, "../../fixtures/nsight/training.sqlite");

/** Everything that a window can be told of a trace. */
async function askEverything(client: EngineClient, spanCount: number): Promise<string> {
  const trace = "t";
  const answers: unknown[] = [];
  const scope = {};
  for (let span = 0; span < spanCount; span++) answers.push(await client.call("span.details", { trace, span }));
  for (let instant = 0; instant < 2; instant++) answers.push(await client.call("instant.details", { trace, instant }));
  answers.push(
    await client.call("table.top", {
      trace,
      scope,
      group: "name",
      sort: "name",
      descending: false,
      first: 0,
      count: 5000,
    }),
    await client.call("tree.calls", {
      trace,
      scope,
      direction: "topDown",
      byTrack: true,
      minShare: 0,
      maxNodes: 10_000,
    }),
    await client.call("span.list", { trace, scope, first: 0, count: 5000 }),
    await client.call("search.run", { trace, search: "s", query: secretMarker }),
    await client.call("names.get", { trace, ids: Array.from({ length: 200 }, (_, id) => id) }),
  );
  return JSON.stringify(answers);
}

/** What an export of the trace to this format holds. */
async function exportTo(exporter: Exporter): Promise<string> {
  const trace = await importFile(memorySource(readFileSync(path)), {
    builder: createTraceBuilder(),
    context: { fileName: "training.sqlite", throwIfCancelled() {}, reportProgress() {}, limits: defaultLimits },
  });
  const context = {
    writer: "test",
    throwIfCancelled() {},
    reportProgress() {},
    argumentReader: null,
    keepHomeFolders: true,
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of exporter.write(trace, context)) pieces.push(piece.slice());
  return Buffer.concat(pieces).toString("latin1");
}

describe("what an Nsight database holds of the machine", () => {
  it("reaches neither the window nor its searches: no environment, processes, output or unused strings", async () => {
    expect(readFileSync(path).toString("latin1")).toContain(secretMarker);
    const { client, open } = openEngine();
    const summary = await open(path);
    const answers = await askEverything(client, summary.spanCount);
    // The answers hold what the trace is about …
    expect(answers).toContain("ampere_sgemm_128x64_nn");
    expect(answers).toContain("gridX");
    // … and nothing else.
    expect(JSON.stringify(summary)).not.toContain(secretMarker);
    expect(answers.replace(`"query":"${secretMarker}"`, "")).not.toContain(secretMarker);
    expect(JSON.stringify(summary)).not.toContain("HOME=");
  });

  it.each(exporters.flatMap((exporter) => (exporter.takes === "launches" ? [] : [[exporter.id, exporter] as const])))(
    "reaches no export: %s",
    async (_id, exporter) => {
      const text = await exportTo(exporter);
      expect(text).toContain("ampere_sgemm_128x64_nn");
      expect(text).not.toContain(secretMarker);
    },
  );
});
