import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openByteSource, type OpenSourceOptions } from "../../../electron/engine/node-host.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { contextFor, fingerprint, noteOf } from "./import-text.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deltaflame-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function save(bytes: Uint8Array): string {
  const path = join(folder, "trace.bin");
  writeFileSync(path, bytes);
  return path;
}

async function importBytes(bytes: Uint8Array, options: OpenSourceOptions = {}): Promise<Trace> {
  const source = await openByteSource(save(bytes), options);
  try {
    const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("trace.json") });
    assertSealed(trace);
    return trace;
  } finally {
    source.close();
  }
}

const event = (i: number): string =>
  `{"ph":"X","pid":1,"tid":1,"name":"é${i % 50}","ts":${i * 10},"dur":5,"args":{"i":${i},"x":"${"abcdefgh".repeat(i % 7)}${Math.imul(i, 2654435761)}"}}`;
const eventCount = 20_000;
const text = `{"traceEvents":[${Array.from({ length: eventCount }, (_, i) => event(i)).join(",")}]}`;
const plain = new TextEncoder().encode(text);

describe("plain files", () => {
  it("reads them and single events of them", async () => {
    const source = await openByteSource(save(plain));
    const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("trace.json") });
    expect(trace.spans.length).toBe(eventCount);
    expect(
      (await readEventArguments(source, sourceOffsetOf(trace.spans, 12_345), { expectedName: "é45" })).args[0],
    ).toEqual(["i", "12345"]);
    source.close();
  });

  it("refuses to read a file that changed", async () => {
    const path = save(plain);
    const source = await openByteSource(path);
    writeFileSync(path, text.slice(0, 1000));
    await expect(source.readAt(0, new Uint8Array(4))).rejects.toThrow("The file changed on disk after it was opened.");
    await expect(importFile(source, { builder: createTraceBuilder(), context: contextFor("x") })).rejects.toThrow();
    source.close();
  });

  it("says why a file cannot be opened, without its path", async () => {
    await expect(openByteSource(join(folder, "not-here"))).rejects.toThrow(/^The file is not there any more\.$/);
    await expect(openByteSource(folder)).rejects.toThrow(/^is a folder, not a trace file, and holds no profile/);
  });

  it.each(["utf-16le", "utf-16be"] as const)("reads %s with and without a byte order mark", async (encoding) => {
    const encode = (content: string): Uint8Array => {
      const bytes = Buffer.from(content, "utf16le");
      return encoding === "utf-16le" ? bytes : bytes.swap16();
    };
    const expected = fingerprint(await importBytes(plain));
    expect(fingerprint(await importBytes(encode(text)))).toBe(expected);
    const source = await openByteSource(save(encode(`\uFEFF${text}`)));
    const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("trace.json") });
    expect(fingerprint(trace)).toBe(expected);
    expect((await readEventArguments(source, sourceOffsetOf(trace.spans, 19_999))).args[0]).toEqual(["i", "19999"]);
    source.close();
  });
});

describe("gzip", () => {
  const zipped = gzipSync(plain);

  it.each([
    ["as one member", zipped],
    ["as several members", Buffer.concat([gzipSync(plain.subarray(0, 700_001)), gzipSync(plain.subarray(700_001))])],
  ])("reads it %s", async (_how, bytes) => {
    const trace = await importBytes(bytes);
    expect(trace.spans.length).toBe(eventCount);
    expect(trace.meta.ledger.outcome).toBe("ok");
  });

  it("keeps all that inflates of a stream that is cut, and says so", async () => {
    for (const share of [0.3, 0.66, 0.999]) {
      const trace = await importBytes(zipped.subarray(0, Math.floor(zipped.length * share)));
      expect(trace.meta.ledger.outcome).toBe("partial");
      expect(noteOf(trace, "gzipTruncated")?.message).toBe(
        "the compressed stream ends early; what could be inflated was kept",
      );
      expect(trace.spans.length).toBeGreaterThan(eventCount * (share - 0.1));
    }
  });

  it("keeps everything when only the checksum or the length differs", async () => {
    for (const back of [6, 2]) {
      const bytes = Buffer.from(zipped);
      bytes[bytes.length - back] ^= 1;
      const trace = await importBytes(bytes);
      expect(trace.spans.length).toBe(eventCount);
      expect(noteOf(trace, "gzipChecksum")?.count).toBe(1);
    }
  });

  it("leaves out what follows the stream, and says so", async () => {
    const trace = await importBytes(Buffer.concat([zipped, Buffer.from("junk that is no member".repeat(50))]));
    expect(trace.spans.length).toBe(eventCount);
    expect(noteOf(trace, "gzipTrailing")?.count).toBe(1);
  });

  it("says that a stream holds nothing when it is cut in its first bytes", async () => {
    await expect(importBytes(zipped.subarray(0, 10))).rejects.toThrow(
      "expected a trace, found 10 compressed bytes that hold nothing: the file is empty or was cut",
    );
  });

  it("keeps what stands before damage", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", listen);
    const bytes = Buffer.from(zipped);
    const middle = bytes.length >> 1;
    bytes.fill(0xff, middle, middle + 200);
    const trace = await importBytes(bytes);
    expect(trace.spans.length).toBeGreaterThan(eventCount * 0.4);
    expect(trace.meta.ledger.outcome).toBe("partial");
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  it("reads single events with and without a spool, and leaves no spool behind", async () => {
    for (const spool of [false, true]) {
      const temporary = mkdtempSync(join(folder, "temporary-"));
      vi.stubEnv("TMPDIR", temporary);
      const source = await openByteSource(save(zipped), { spool });
      const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("trace.json") });
      for (const span of [19_999, 3, 10_000, 10_001]) {
        const { args } = await readEventArguments(source, sourceOffsetOf(trace.spans, span));
        expect(args[0]).toEqual(["i", String(span)]);
      }
      source.close();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(readdirSync(temporary)).toEqual([]);
      vi.unstubAllEnvs();
    }
  });

  it("reads single events also where no spool can be made", async () => {
    vi.stubEnv("TMPDIR", join(tmpdir(), "no such folder"));
    try {
      const source = await openByteSource(save(zipped), { spool: true });
      const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("trace.json") });
      const { args } = await readEventArguments(source, sourceOffsetOf(trace.spans, 3));
      expect(args[0]).toEqual(["i", "3"]);
      source.close();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("stops at a bomb, by ratio and by size, naming the numbers", async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from("["), Buffer.alloc(80 * 2 ** 20, 0x20)]));
    expect(statSync(save(bomb)).size).toBeLessThan(2 ** 17);
    await expect(importBytes(bomb)).rejects.toThrow(
      /inflates to \d+ bytes from \d+ stored bytes, \d+ : 1 where at most 1000 : 1 is allowed/,
    );
    const limits = { ...defaultLimits, inflatedBytes: 1_000_000 };
    await expect(importBytes(zipped, { limits })).rejects.toThrow(
      /inflates to more than 1000000 bytes \(from \d+ stored bytes\)/,
    );
  });
});

describe("zip", () => {
  const named = (
    name: string,
    content: Uint8Array,
    method: 0 | 8,
  ): { local: Buffer; central: (offset: number) => Buffer } => {
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const central = (offset: number): Buffer => {
      const entry = Buffer.alloc(46 + name.length);
      entry.writeUInt32LE(0x02014b50, 0);
      entry.writeUInt16LE(method, 10);
      entry.writeUInt32LE(data.length, 20);
      entry.writeUInt32LE(content.length, 24);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt32LE(offset, 42);
      entry.write(name, 46);
      return entry;
    };
    return { local: Buffer.concat([local, data]), central };
  };
  const zip = (...members: readonly ReturnType<typeof named>[]): Buffer => {
    const locals = Buffer.concat(members.map((member) => member.local));
    let offset = 0;
    const directory = Buffer.concat(
      members.map((member) => {
        const entry = member.central(offset);
        offset += member.local.length;
        return entry;
      }),
    );
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(members.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(locals.length, 16);
    return Buffer.concat([locals, directory, end]);
  };
  const empty = new Uint8Array(0);

  it.each([
    ["packed", 8],
    ["stored", 0],
  ] as const)("reads one %s file, beside folders, whatever its name", async (_how, method) => {
    const trace = await importBytes(zip(named("folder/", empty, 0), named("../../etc/passwd", plain, method)));
    expect(trace.spans.length).toBe(eventCount);
  });

  it("refuses several files and archives that are cut", async () => {
    await expect(importBytes(zip(named("a", plain, 8), named("b", plain, 8)))).rejects.toThrow(
      "expected a zip archive with one file, found 2; unpack it and open one of them",
    );
    await expect(importBytes(zip(named("a", plain, 8)).subarray(0, 5000))).rejects.toThrow(
      "expected a zip archive with a directory at its end, found none",
    );
  });
});
