import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { openNodeFile } from "../../../electron/engine/node-file.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { openInflate, releasePiece } from "../../../electron/engine/node-inflate.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";

const folder = mkdtempSync(join(tmpdir(), "deltaflame-inflate-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** 5.5 MB that hardly repeat. */
const content = new Uint8Array(5_500_000);
for (let i = 0, state = 1; i < content.length; i++)
  content[i] = (state = Math.imul(state, 48_271) % 2_147_483_647) >> 8;
const path = join(folder, "content.gz");
writeFileSync(path, gzipSync(content, { level: 1 }));

it("leaves the memory of pieces to the collector where nothing is moved, so that arrays stay quick to read", async () => {
  const file = openNodeFile(path);
  const reader = openInflate(file, { wrapping: "gzip", start: 0, end: file.size });
  const piece = await reader.read();
  if (piece !== null) releasePiece(piece);
  expect(piece?.buffer.byteLength).toBeGreaterThan(0);
  reader.close();
  file.close();
});

it("gives the memory of pieces back that were read, and none that zlib still fills", async () => {
  allowMoving();
  const file = openNodeFile(path);
  const reader = openInflate(file, { wrapping: "gzip", start: 0, end: file.size });
  let at = 0;
  let released = 0;
  for (let piece = await reader.read(); piece !== null; piece = await reader.read()) {
    expect(piece.every((byte, i) => byte === content[at + i])).toBe(true);
    at += piece.length;
    releasePiece(piece);
    if (piece.buffer.byteLength === 0) released++;
  }
  reader.close();
  file.close();
  expect(at).toBe(content.length);
  expect(released).toBeGreaterThan(1);
});

it.each([true, false])("reads the same again after the memory was given back, spooled: %s", async (spool) => {
  const source = await openByteSource(path, { spool });
  const read = new Uint8Array(content.length);
  const target = new Uint8Array(300_000);
  for (let at = 0, count = 1; count > 0; at += count) {
    count = await source.fill(target);
    read.set(target.subarray(0, count), at);
  }
  expect(Buffer.compare(read, content)).toBe(0);
  const again = new Uint8Array(content.length);
  expect(await source.readAt(0, again)).toBe(content.length);
  expect(Buffer.compare(again, content)).toBe(0);
  source.close();
});
