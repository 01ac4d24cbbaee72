import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openNodeFile } from "../../../electron/engine/node-file.ts";
import { createReadAhead } from "../../../electron/engine/read-ahead.ts";

const folder = mkdtempSync(join(tmpdir(), "deltaflame-test-"));
const path = join(folder, "bytes");
const content = Uint8Array.from({ length: 9_000_000 }, (_, i) => (i * 7919) >> 5);
writeFileSync(path, content);
afterAll(() => rmSync(folder, { recursive: true }));

describe("reading ahead", () => {
  it("gives every byte once and in order, now and later, into memory of one thread and of several", async () => {
    const file = openNodeFile(path);
    const start = 11;
    const end = content.length - 5;
    const ahead = createReadAhead(file, start, end);
    const read = new Uint8Array(end - start);
    const shared = new Uint8Array(new SharedArrayBuffer(3_000_003), 3);
    let position = 0;
    const sizes = [1_000_000, 4_999, 3_000_000, 123_457];
    for (let turn = 0; ; turn++) {
      const later = turn < 2 || turn % 3 === 0;
      const target = (turn % 2 === 0 ? shared : new Uint8Array(3_000_000)).subarray(0, sizes[turn % 4]);
      const count = await (later ? ahead.fillLater(target) : ahead.fill(target));
      read.set(target.subarray(0, count), position);
      position += count;
      expect(ahead.position).toBe(start + position);
      if (count === 0) break;
    }
    file.close();
    expect(position).toBe(end - start);
    expect(Buffer.compare(read, content.subarray(start, end))).toBe(0);
  });
});
