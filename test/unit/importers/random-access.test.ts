import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { CancelledError } from "../../../traces/model/errors.ts";

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

  it("can be given up while a compressed file is unpacked", async () => {
    const source = await openStored(gzipSync(content));
    const opening = source.openRandomAccess(() => {
      throw new CancelledError();
    });
    await expect(opening).rejects.toThrow(CancelledError);
    source.close();
  });
});
