import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { deltaflame } from "../../../traces/exporters/formats/deltaflame.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { makeDatabase } from "../../fixtures/nsight/make-database.ts";
import { exportBytes } from "../exporters/export-bytes.ts";
import { contextFor, importContent } from "./import-text.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deltaflame-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openStored(bytes: Uint8Array): Promise<ByteSource> {
  const path = join(folder, "data.bin");
  writeFileSync(path, bytes);
  return openByteSource(path);
}

const sources: readonly (readonly [string, () => Promise<ByteSource>])[] = [
  ["bytes in memory", () => Promise.resolve(memorySource(content))],
  ["a plain file", () => openStored(content)],
  ["a gzip file", () => openStored(gzipSync(content))],
];

describe("random access", () => {
  it.each(sources)("reads %s in any order", async (_name, open) => {
    const source = await open();
    const random = await source.openRandomAccess(() => {});
    expect(random.size).toBe(content.length);
    const target = new Uint8Array(1000);
    for (const offset of [299_500, 0, 131_072, 65_535]) {
      const count = random.readAt(offset, target);
      expect(count).toBe(Math.min(1000, content.length - offset));
      expect(target.subarray(0, count)).toEqual(content.subarray(offset, offset + count));
    }
    expect(random.readAt(content.length + 5, target)).toBe(0);
    source.close();
  });

  it("says so when a plain file changes while it is read", async () => {
    const source = await openStored(content);
    const random = await source.openRandomAccess(() => {});
    const target = new Uint8Array(1000);
    expect(random.readAt(0, target)).toBe(1000);
    appendFileSync(join(folder, "data.bin"), "more");
    const message = "expected a file that stays as it is, found that it changed while reading";
    expect(() => random.readAt(5000, target)).toThrow(message);
    await expect(random.readLater?.(5000, target)).rejects.toThrow(message);
    source.close();
  });

  it.each<[file: string, make: () => Promise<Uint8Array> | Uint8Array]>([
    ["run.sqlite", manyKernels],
    ["run.dflame", async () => await exportBytes(deltaflame, await importContent(manyEvents()))],
  ])("an import of %s ends with that when the file changes meanwhile", async (file, make) => {
    const path = join(folder, file);
    writeFileSync(path, await make());
    const source = await openByteSource(path);
    let looks = 0;
    const context = {
      ...contextFor(file),
      throwIfCancelled() {
        if (++looks === 2) appendFileSync(path, "more");
      },
    };
    await expect(importFile(source, { builder: createTraceBuilder(), context })).rejects.toThrow(
      /^expected a file that stays as it is, found that it changed while reading$/,
    );
    source.close();
  });

  it("can be given up while a compressed file is unpacked", async () => {
    const source = await openStored(gzipSync(content));
    const opening = source.openRandomAccess(() => {
      throw new CancelledError();
    });
    await expect(opening).rejects.toThrow(CancelledError);
    source.close();
  });
});

/** Some megabytes: more than is read at once. */
function manyKernels(): Promise<Uint8Array> {
  return makeDatabase({
    tables: {
      StringIds: { columns: ["id INTEGER PRIMARY KEY", "value TEXT"], rows: [[1, "gemm"]] },
      CUPTI_ACTIVITY_KIND_KERNEL: {
        columns: ["start", '"end"', "deviceId", "streamId", "shortName"],
        rows: Array.from({ length: 120_000 }, (_, i) => [i * 10, i * 10 + 5, 0, 7, 1]),
      },
    },
  });
}

function manyEvents(): string {
  const event = (i: number): string => `{"ph":"X","pid":1,"tid":1,"name":"a","ts":${i * 10},"dur":5}`;
  return `[${Array.from({ length: 60_000 }, (_, i) => event(i)).join(",")}]`;
}
