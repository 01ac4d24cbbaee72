import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, expect, it, vi } from "vitest";
import { openNodeFile } from "../../../electron/engine/node-file.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import {
  type CompressedRange,
  type InflateReader,
  outputBytes,
  openInflate,
  releasePiece,
} from "../../../electron/engine/node-inflate.ts";
import { openInflateHere } from "../../../electron/engine/node-inflate-here.ts";
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

/** All that a reader gives, how much of the file it read for that, and how it ended. */
async function drain(
  reader: InflateReader | null,
  target?: Uint8Array,
): Promise<{ bytes: Buffer; storedRead: number; end: unknown }> {
  if (reader === null) throw new Error("expected a reader");
  const pieces: Uint8Array[] = [];
  let end: unknown = null;
  try {
    for (let piece = await reader.read(target); piece !== null; piece = await reader.read(target)) {
      if (target !== undefined) expect(piece.buffer === target.buffer).toBe(target.length >= outputBytes);
      pieces.push(Buffer.from(piece));
      reader.release(piece);
    }
  } catch (error) {
    const { message, code } = error as Error & { code: string };
    end = { message, code };
  }
  const { storedRead } = reader;
  reader.close();
  return { bytes: Buffer.concat(pieces), storedRead, end };
}

/** Half of the bytes are new, so that it packs to 3 MB. */
const varied = new Uint8Array(5_500_000);
for (let i = 0, state = 1; i < varied.length; i += 2) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  varied[i] = state;
}
const packed = gzipSync(varied, { level: 1 });
const dense = gzipSync(new Uint8Array(40_000_000));
const member = gzipSync("one more member");
const damaged = Buffer.from(packed);
damaged.fill(0xff, 2_000_000, 2_000_100);
const wrongChecksum = Buffer.from(packed);
wrongChecksum.fill(0, packed.length - 8, packed.length - 4);

it.each<[string, Uint8Array, CompressedRange["wrapping"]]>([
  ["that is whole", packed, "gzip"],
  ["that repeats a thousand times", dense, "gzip"],
  ["of nothing", gzipSync(""), "gzip"],
  ["of several members", Buffer.concat([packed, member, gzipSync(""), dense, member]), "gzip"],
  [
    "whose member ends where a read does",
    Buffer.concat([gzipSync(varied.subarray(0, 262_116), { level: 0 }), member]),
    "gzip",
  ],
  ["with zeros behind it", Buffer.concat([packed, Buffer.alloc(600_000)]), "gzip"],
  ["with something else behind it", Buffer.concat([packed, Buffer.from("something else")]), "gzip"],
  ["that is cut", packed.subarray(0, 2_000_001), "gzip"],
  ["that is cut in its head", packed.subarray(0, 7), "gzip"],
  ["that is damaged", damaged, "gzip"],
  ["with another checksum", wrongChecksum, "gzip"],
  ["without a wrapping", deflateRawSync(varied), "none"],
  ["without a wrapping that is cut", deflateRawSync(varied).subarray(0, 2_000_000), "none"],
])("inflates on the calling thread what the stream does: a file %s", async (name, bytes, wrapping) => {
  const target = join(folder, `${name}.bin`);
  writeFileSync(target, Buffer.concat([Buffer.from("head"), bytes, Buffer.from("tail")]));
  const file = openNodeFile(target);
  const range = { wrapping, start: 4, end: 4 + bytes.length };
  const stream = await drain(openInflate(file, range));
  const shared = new SharedArrayBuffer(2 * outputBytes);
  const lengths = [outputBytes - 1, outputBytes, outputBytes + 3];
  const targets = [undefined, ...lengths.map((length) => new Uint8Array(shared, 5, length))];
  for (const into of targets) {
    const here = await drain(openInflateHere(file, range), into);
    expect(here.end).toEqual(stream.end);
    expect(here.bytes.length).toBe(stream.bytes.length);
    expect(here.bytes.equals(stream.bytes)).toBe(true);
    if (here.end === null && !name.startsWith("with zeros")) expect(here.storedRead).toBe(stream.storedRead);
  }
  file.close();
});

it("inflates on the calling thread with no Node.js but those that are known", () => {
  const file = openNodeFile(path);
  const range: CompressedRange = { wrapping: "gzip", start: 0, end: file.size };
  for (const [version, isKnown] of [
    ["18.15.0", true],
    ["24.1.0", true],
    ["16.20.0", false],
    ["25.0.0", false],
  ] as const) {
    using _ = vi.spyOn(process, "versions", "get").mockReturnValue({ ...process.versions, node: version });
    const reader = openInflateHere(file, range);
    expect(reader !== null).toBe(isKnown);
    reader?.close();
  }
  file.close();
});
