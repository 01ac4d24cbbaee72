import { fstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openSpool, type Spool } from "../../../electron/engine/node-spool.ts";

const folder = mkdtempSync(join(tmpdir(), "deltaflame-spool-"));
afterAll(() => rmSync(folder, { recursive: true }));

const piece = new Uint8Array(100_000).map((_, i) => i % 251);

/** Files of `folder` that this process still has open, with their bytes. Linux says; other systems are not asked. */
function openBytes(): number {
  let bytes = 0;
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      if (readlinkSync(`/proc/self/fd/${name}`).startsWith(folder)) bytes += fstatSync(Number(name)).size;
    } catch {
      // The one of the listing itself is closed by now.
    }
  }
  return bytes;
}

async function fill(spool: Spool): Promise<void> {
  for (let i = 0; i < 5; i++) await spool.append(piece);
  await spool.flush();
  // What closes a file waits for what is written.
  await new Promise((resolve) => void setImmediate(resolve));
}

it("keeps what it was given", async () => {
  const spool = openSpool({ folder });
  await fill(spool);
  expect([spool.usable, spool.length]).toEqual([true, 500_000]);
  const read = new Uint8Array(10);
  expect(spool.readAt(200_007, read)).toBe(10);
  expect(read).toEqual(piece.subarray(7, 17));
  if (process.platform === "linux") expect(openBytes()).toBe(500_000);
  spool.close();
});

const failing: readonly (readonly [string, typeof write])[] = [
  ["fails", failingFrom(2, (done) => done(Object.assign(new Error("no space left"), { code: "ENOSPC" }), 0))],
  ["writes a part", failingFrom(2, (done) => done(null, 4096))],
];

it.each([
  ...failing.map(([how, writeBytes]) => [`the disk ${how}`, { writeBytes }] as const),
  ["the copy gets larger than allowed", { limitBytes: 250_000 }] as const,
])("gives its room back at once when %s", async (_when, options) => {
  const spool = openSpool({ folder, ...options });
  await fill(spool);
  expect([spool.usable, spool.length]).toEqual([false, 0]);
  if (process.platform === "linux") expect(openBytes()).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  spool.close();
});

/** Writes as always, and from the given write on as the disk of the test does. */
function failingFrom(
  first: number,
  answer: (done: (error: NodeJS.ErrnoException | null, count: number) => void) => void,
): typeof write {
  let writes = 0;
  const writeBytes = (...args: Parameters<typeof write>): void => {
    if (++writes <= first) write(...args);
    else answer(args.at(-1) as unknown as Parameters<typeof answer>[0]);
  };
  return writeBytes as typeof write;
}
