import { expect, it } from "vitest";
import { createForwardReader, type ForwardReader } from "../../../traces/io/forward-reader.ts";

const pieceBytes = 2 ** 18;
const content = new Uint8Array(12 * pieceBytes).map((_, i) => (i * 7 + (i >> 8)) % 251);

/** Counts how often the content was started, and pieces that were neither released nor kept. */
function openCounting(): { reader: ForwardReader; counts: { starts: number; released: number } } {
  const counts = { starts: 0, released: 0 };
  const reader = createForwardReader(() => {
    counts.starts++;
    let at = 0;
    return {
      next() {
        const piece = at < content.length ? content.subarray(at, at + pieceBytes) : null;
        at += pieceBytes;
        return Promise.resolve(piece);
      },
      release: () => void counts.released++,
      close() {},
    };
  });
  return { reader, counts };
}

async function read(reader: ForwardReader, offset: number, length: number): Promise<Uint8Array> {
  const target = new Uint8Array(length);
  return target.subarray(0, await reader.readAt(offset, target));
}

it("reads at growing offsets in one pass, and lets go of what lies far behind", async () => {
  const { reader, counts } = openCounting();
  for (let offset = 0; offset < content.length; offset += 99_991)
    expect(Buffer.compare(await read(reader, offset, 70_000), content.subarray(offset, offset + 70_000))).toBe(0);
  expect(await read(reader, content.length, 10)).toHaveLength(0);
  expect(counts.starts).toBe(1);
  expect(counts.released).toBeGreaterThan(4);
});

it("starts again only for what it let go", async () => {
  const { reader, counts } = openCounting();
  await read(reader, 10 * pieceBytes, 100);
  expect(await read(reader, 10 * pieceBytes - 500_000, 50)).toEqual(
    content.slice(10 * pieceBytes - 500_000, 10 * pieceBytes - 499_950),
  );
  expect(counts.starts).toBe(1);
  expect(await read(reader, 5, 50)).toEqual(content.slice(5, 55));
  expect(counts.starts).toBe(2);
});

it("keeps reads that are asked for at once apart", async () => {
  const { reader } = openCounting();
  const offsets = [9 * pieceBytes, 3, 5 * pieceBytes + 17];
  const found = await Promise.all(offsets.map((offset) => read(reader, offset, 1000)));
  expect(found).toEqual(offsets.map((offset) => content.slice(offset, offset + 1000)));
});
