import { statSync } from "node:fs";
import { basename } from "node:path";
import type { ByteSource, SourceWarning } from "../../traces/io/byte-source.ts";
import { asUtf8 } from "../../traces/io/text.ts";
import { changedOnDisk, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import type { ImportLimits } from "../../traces/importers/importer.ts";
import { defaultLimits } from "../../traces/importers/importer.ts";
import { joinedSource, type SourceMember } from "./joined-source.ts";
import { type NodeFile, openNodeFile } from "./node-file.ts";
import { inflatedSource } from "./node-inflated-source.ts";
import { readZip } from "./node-zip.ts";
import { listProfileFiles } from "./profile-folder.ts";
import { createReadAhead } from "./read-ahead.ts";

export interface OpenSourceOptions {
  readonly limits?: ImportLimits;
  /** Keep a private copy of inflated bytes on disk while reading, so that `readAt` is fast afterwards. */
  readonly spool?: boolean;
  /** The calling thread has nothing else to do: it inflates itself what is read in order. */
  readonly inflatesHere?: boolean;
}

/**
 * Opens a trace file: plain, gzip, or zip with one file, told apart by content; UTF-16 text comes out as UTF-8. Of a
 * folder the profile files of its hosts, as one. Throws TraceFormatError for archives that cannot be read,
 * UserFacingError for files that cannot be opened.
 */
export async function openByteSource(path: string, options: OpenSourceOptions = {}): Promise<ByteSource> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return await openFolder(path, options);
  return await openOne(path, options);
}

async function openFolder(folder: string, options: OpenSourceOptions): Promise<ByteSource> {
  const members: SourceMember[] = [];
  try {
    for (const path of listProfileFiles(folder))
      members.push({ name: basename(path), source: await openOne(path, options) });
    return joinedSource(members);
  } catch (error) {
    for (const { source } of members) source.close();
    throw error;
  }
}

async function openOne(path: string, options: OpenSourceOptions): Promise<ByteSource> {
  const file = openFile(path);
  try {
    return await asUtf8(unpack(file, options));
  } catch (error) {
    file.close();
    throw error;
  }
}

function openFile(path: string): NodeFile {
  try {
    return openNodeFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "The file is not there any more.",
      EACCES: "The file may not be read by this user.",
      EPERM: "The file may not be read by this user.",
      ENOTSUP: "This is a device or a pipe, not a file.",
      EISDIR: "This is a folder, not a file.",
    };
    throw new UserFacingError(reasons[code] ?? `The file cannot be opened: ${code}.`, { cause: error });
  }
}

function unpack(file: NodeFile, options: OpenSourceOptions): ByteSource {
  const magic = new Uint8Array(4);
  file.readAt(0, magic);
  const limits = options.limits ?? defaultLimits;
  const inflating = { limits, spool: options.spool ?? false, inflatesHere: options.inflatesHere ?? false };
  if (magic[0] === 0x1f && magic[1] === 0x8b) {
    return inflatedSource(file, { wrapping: "gzip", start: 0, end: file.size }, inflating);
  }
  if (magic[0] === 0x50 && magic[1] === 0x4b && magic[2] === 0x03 && magic[3] === 0x04) {
    const { range, stored } = readZip(file);
    return stored ? plainSource(file, range.start, range.end) : inflatedSource(file, range, inflating);
  }
  return plainSource(file, 0, file.size);
}

/** Bytes [start, end) of a file as they are. */
function plainSource(file: NodeFile, start: number, end: number): ByteSource {
  const warnings: readonly SourceWarning[] = [];
  const ahead = createReadAhead(file, start, end);
  const checked = (count: number): number => {
    if (count === 0 && file.hasChanged()) throw changedWhileReading(ahead.position);
    return count;
  };
  return {
    size: end - start,
    storedSize: end - start,
    get storedRead() {
      return ahead.position - start;
    },
    fill(target) {
      const filled = ahead.fill(target);
      return typeof filled === "number" ? checked(filled) : filled.then(checked);
    },
    fillLater: async (target) => checked(await ahead.fillLater(target)),
    stored: { start, fileSize: file.size, modifiedMs: file.modifiedMs },
    seeks: true,
    async readAt(offset, target) {
      if (file.hasChanged()) throw new UserFacingError(`${changedOnDisk}.`);
      return file.readAt(start + offset, target.subarray(0, Math.max(0, end - start - offset)));
    },
    openRandomAccess() {
      const within = (offset: number, target: Uint8Array): Uint8Array =>
        target.subarray(0, Math.max(0, end - start - offset));
      const checkedAt = (offset: number, count: number): number => {
        if (file.hasChanged()) throw changedWhileReading(offset);
        return count;
      };
      return Promise.resolve({
        size: end - start,
        readAt: (offset, target) => checkedAt(offset, file.readAt(start + offset, within(offset, target))),
        readLater: async (offset, target) =>
          checkedAt(offset, await file.readLater(start + offset, within(offset, target))),
      });
    },
    warnings,
    close: () => file.close(),
  };
}

export function changedWhileReading(byteOffset: number): TraceFormatError {
  return new TraceFormatError("expected a file that stays as it is, found that it changed while reading", {
    byteOffset,
  });
}
