import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import {
  type ReadThread,
  type ReadThreadOptions,
  readOnThread,
  startReadThread,
} from "../../../electron/engine/imports/read-thread.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { digestTrace } from "../../fixtures/digest-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { useBundles } from "./built-bundles.ts";
import { importHere, importPath } from "./import-here.ts";

const text = `{"traceEvents":[${Array.from(
  { length: 40_000 },
  (_, i) =>
    `{"ph":"X","name":"n ${i % 97}","ts":${i},"dur":${(i * 7919) % 50},"pid":1,"tid":${i % 5},"args":{"i":${i}}}`,
).join(",\n")}]}`;
const content = Buffer.from(text);
const packed = gzipSync(content);

const bundles = useBundles();

async function write(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(await createTemporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

async function open(path: string, workerPath = bundles().readWorker, limits = defaultLimits): Promise<ByteSource> {
  return readOnThread(await openByteSource(path, { limits }), { ...optionsOf(path, workerPath), limits });
}

function optionsOf(path: string, workerPath: string): ReadThreadOptions {
  return { workerPath, path, limits: defaultLimits, fromBytes: 0, ownBytes: 300_000 };
}

async function startWaiting(workerPath: string): Promise<ReadThread> {
  const thread = startReadThread(workerPath);
  if (thread === null) throw new Error("expected a further thread");
  await vi.waitUntil(() => thread.isUp);
  return thread;
}

describe("a thread that reads a compressed file", () => {
  it("gives every byte once and in order, into memory of one thread and of several", async () => {
    const source = await open(await write("whole.json.gz", packed));
    const read = Buffer.alloc(content.length + 1);
    const shared = new Uint8Array(new SharedArrayBuffer(1_500_003), 3);
    let position = 0;
    let storedRead = 0;
    for (let turn = 0; ; turn++) {
      const target = (turn % 2 === 0 ? shared : new Uint8Array(1_200_000)).subarray(0, turn === 1 ? 7 : undefined);
      const count = await (turn % 5 === 4 ? source.fill(target) : source.fillLater?.(target));
      if (count === undefined) throw new Error("expected a source that is read on another thread");
      if (count === 0) break;
      read.set(target.subarray(0, count), position);
      position += count;
      expect(source.storedRead).toBeGreaterThanOrEqual(storedRead);
      ({ storedRead } = source);
    }
    source.close();
    expect(position).toBe(content.length);
    expect(read.subarray(0, position).equals(content)).toBe(true);
    expect(storedRead).toBe(packed.length);
  });

  it.each([
    ["whole", packed],
    ["cut", packed.subarray(0, Math.floor(packed.length * 0.7))],
    ["damaged", Buffer.concat([packed.subarray(0, packed.length - 6), Buffer.alloc(6)])],
    ["of two members", Buffer.concat([gzipSync(content.subarray(0, 2e6)), gzipSync(content.subarray(2e6))])],
  ])("comes to the same as one thread: a file that is %s", async (name, bytes) => {
    const path = await write(`${name}.json.gz`, bytes);
    const alone = await importPath(path);
    const source = await open(path);
    const together = await importHere(source, path);
    expect(digestTrace(together.trace)).toBe(digestTrace(alone.trace));
    expect(together.trace.meta.ledger).toEqual(alone.trace.meta.ledger);
  });

  it("tells of a file beyond the limits in the words of one thread", async () => {
    const path = await write("large.json.gz", packed);
    const limits = { ...defaultLimits, inflatedBytes: 1_500_000 };
    const alone = await importHere(await openByteSource(path, { limits }), path).catch((error: unknown) => error);
    const together = await importHere(await open(path, bundles().readWorker, limits), path).catch(
      (error: unknown) => error,
    );
    expect(alone).toBeInstanceOf(Error);
    expect(together).toBeInstanceOf(Error);
    expect((together as Error).name).toBe((alone as Error).name);
  });

  it("ends with the import that is cancelled", async () => {
    const path = await write("cancelled.json.gz", packed);
    let looks = 0;
    await expect(
      importHere(await open(path), path, {
        throwIfCancelled() {
          if (++looks === 3) throw new CancelledError();
        },
      }),
    ).rejects.toThrow(CancelledError);
  });

  it.each([
    ["throw new Error('kaputt')", "the import ended unexpectedly (kaputt)"],
    ["process.exit(3)", "the import ended unexpectedly (exit code 3)"],
  ])("ends the import when it dies: %s", async (program, message) => {
    const path = await write("dies.json.gz", packed);
    const worker = await write(`dies-${program.length}.cjs`, program);
    await expect(importHere(await open(path, worker), path)).rejects.toThrow(message);
  });

  it("is not started for files that read ahead by themselves, and small ones", async () => {
    const plain = await openByteSource(await write("plain.json", content));
    const path = await write("small.json.gz", packed);
    const small = await openByteSource(path);
    const options = { workerPath: "none", path, limits: defaultLimits };
    expect(readOnThread(plain, { ...options, fromBytes: 0 })).toBe(plain);
    expect(readOnThread(small, options)).toBe(small);
    const waiting = { isUp: true, open: vi.fn(), fill: vi.fn(), close: vi.fn() };
    expect(readOnThread(plain, { ...options, waiting })).toBe(plain);
    expect(waiting.open).not.toHaveBeenCalled();
    plain.close();
    small.close();
  });

  it("reads from the first byte on when it was started beforehand", async () => {
    const path = await write("waited.json.gz", packed);
    const file = await openByteSource(path);
    const waiting = await startWaiting(bundles().readWorker);
    const fill = vi.spyOn(file, "fill");
    const source = readOnThread(file, { ...optionsOf(path, bundles().readWorker), waiting });
    const together = await importHere(source, path);
    expect(fill).not.toHaveBeenCalled();
    expect(digestTrace(together.trace)).toEqual(digestTrace((await importPath(path)).trace));
  });

  it("is another one where that which waited is gone, or not there yet", async () => {
    const path = await write("gone.json.gz", packed);
    const alone = digestTrace((await importPath(path)).trace);
    const exits = await write("exits.cjs", "setTimeout(() => process.exit(3), 300)");
    const gone = await startWaiting(exits);
    await vi.waitUntil(() => !gone.isUp);
    const late = startReadThread(bundles().readWorker);
    expect(late?.isUp).toBe(false);
    for (const waiting of [gone, late]) {
      const source = readOnThread(await openByteSource(path), { ...optionsOf(path, bundles().readWorker), waiting });
      expect(digestTrace((await importHere(source, path)).trace)).toEqual(alone);
    }
  });

  it("is not asked where the first read is none ahead", async () => {
    const path = await write("here.json.gz", packed);
    const waiting = { isUp: true, open: vi.fn(), fill: vi.fn(), close: vi.fn() };
    const source = readOnThread(await openByteSource(path), { ...optionsOf(path, "none"), waiting });
    const target = new Uint8Array(1000);
    expect(await source.fill(target)).toBe(1000);
    expect(await source.fillLater?.(target)).toBe(1000);
    expect(Buffer.from(target).equals(content.subarray(1000, 2000))).toBe(true);
    expect(waiting.fill).not.toHaveBeenCalled();
    expect(waiting.close).toHaveBeenCalledOnce();
    source.close();
  });
});
