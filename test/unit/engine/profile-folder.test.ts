import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFileStamp } from "../../../electron/engine/files.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { keepFiles } from "../../../electron/main/keep-files.ts";
import { profileFolderBytes } from "../../../electron/main/profile-folder.ts";
import { importFile, importerOf } from "../../../traces/importers/import-file.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { makeGpuSteps, makeTpuOps, planeOf, xspaceOf } from "../../fixtures/protobuf/xspace-samples.ts";
import { contextFor } from "../importers/import-text.ts";
import { textOf } from "../../../traces/model/text-table.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deltaflame-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): void {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
}

/** A host whose profile began `startUnixNs`, with one span 1 µs later. */
function makeHost(startUnixNs: bigint | null, name: string): Uint8Array {
  const stats = startUnixNs === null ? {} : { profile_start_time: startUnixNs };
  return xspaceOf(
    planeOf({
      name: "/host:CPU",
      lines: [
        {
          id: 1,
          name: "main",
          timestampNs: 1_000,
          events: [{ name, offsetPs: 0, durationPs: 5_000_500, stats: { correlation_id: 3, _p: 7, _pt: 1 } }],
        },
        {
          id: 2,
          name: "worker",
          timestampNs: 1_000,
          events: [{ name: `${name} end`, offsetPs: 1_000_000, durationPs: 1, stats: { _c: 7, _ct: 1 } }],
        },
      ],
    }),
    planeOf({ name: "Task Environment", lines: [], stats }),
  );
}

async function importFolder(path: string): Promise<Trace> {
  const source = await openByteSource(path);
  try {
    const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("run") });
    assertSealed(trace);
    return trace;
  } finally {
    source.close();
  }
}

describe("a profile folder", () => {
  it("opens as one trace, hosts side by side on one clock", async () => {
    write("b.xplane.pb.gz", gzipSync(makeHost(1_700_000_000_000_002_000n, "second")));
    write("a.xplane.pb", makeHost(1_700_000_000_000_000_000n, "first"));
    write("a.trace.json.gz", new Uint8Array([1]));
    const trace = await importFolder(folder);
    expect(trace.meta.facts).toEqual([
      ["host 1", "a.xplane.pb"],
      ["host 2", "b.xplane.pb.gz"],
    ]);
    expect(trace.tracks.filter((track) => track.parent === null).map((track) => track.name)).toEqual([
      "/host:CPU · host 1",
      "/host:CPU · host 2",
    ]);
    const spans = Array.from({ length: trace.spans.length }, (_, i) => [
      textOf(trace.strings, trace.spans.name[i]),
      trace.spans.startNs[i],
      trace.spans.packedDurationNs[i],
    ]);
    expect(spans).toEqual([
      ["first", 0, 5000],
      ["first end", 1000, 0],
      ["second", 2000, 5000],
      ["second end", 3000, 0],
    ]);
    // Equal correlation ids and contexts of two hosts have nothing in common.
    expect(linkOf(trace.spans, 0)).not.toBe(linkOf(trace.spans, 2));
    expect(Array.from({ length: trace.flows.length }, (_, i) => [trace.flows.from[i], trace.flows.to[i]])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(trace.meta.originUnixNs).toBe(1_700_000_000_000_001_000n);
  });

  it("reads arguments of every host again", async () => {
    write("a.xplane.pb", makeGpuSteps());
    write("b.xplane.pb.gz", gzipSync(makeTpuOps()));
    const trace = await importFolder(folder);
    const source = await openByteSource(folder);
    const reader = await importerOf("xspace").openArguments?.(source);
    const found = new Map<string, string>();
    for (let span = 0; span < trace.spans.length; span++) {
      const name = textOf(trace.strings, trace.spans.name[span]);
      const { args = [] } =
        (await reader?.read({ offset: sourceOffsetOf(trace.spans, span), name, endOffset: null })) ?? {};
      found.set(name, new Map(args).get("duration (ps)") ?? "");
    }
    source.close();
    expect([found.get("gemm_fusion"), found.get("all-reduce.3")]).toEqual(["50001500", "2001"]);
  });

  it("is found below a log folder when there is one run", async () => {
    write("plugins/profile/2026_01_01/host.xplane.pb", makeHost(null, "only"));
    for (const path of [folder, join(folder, "plugins/profile"), join(folder, "plugins/profile/2026_01_01")])
      expect((await importFolder(path)).spans.length).toBe(2);
    write("plugins/profile/2026_01_02/host.xplane.pb", makeHost(null, "other"));
    await expect(importFolder(folder)).rejects.toThrow(
      "is a folder with 2 profile runs (2026_01_01, 2026_01_02): open one of them",
    );
  });

  it("says that a host cannot be put in its place", async () => {
    write("a.xplane.pb", makeHost(5n, "first"));
    write("b.xplane.pb", makeHost(null, "second"));
    const { notes } = (await importFolder(folder)).meta.ledger;
    expect(notes.map(({ message }) => message)).toContain(
      "a host does not say when its profile began: its times were taken to begin with those of the first host",
    );
  });

  it("refuses folders without a profile, and says which host is damaged", async () => {
    await expect(openByteSource(folder)).rejects.toThrow(
      "is a folder, not a trace file, and holds no profile (no name ends with .xplane.pb)",
    );
    await expect(readFileStamp(folder)).rejects.toThrow("holds no profile");
    write("a.xplane.pb", makeGpuSteps());
    write("b.xplane.pb", new Uint8Array([10, 200, 1, 11]));
    await expect(importFolder(folder)).rejects.toThrow("expected the planes of host 2 of an XSpace profile");
  });

  it("is granted by the shell, other folders are not", async () => {
    expect([profileFolderBytes(folder), keepFiles([folder])]).toEqual([null, []]);
    write("a.xplane.pb", makeGpuSteps());
    write("b.xplane.pb", makeTpuOps());
    const bytes = readFileSync(join(folder, "a.xplane.pb")).length + readFileSync(join(folder, "b.xplane.pb")).length;
    expect([profileFolderBytes(folder), keepFiles([folder])]).toEqual([bytes, [folder]]);
    expect((await readFileStamp(folder)).bytes).toBe(bytes);
  });
});
