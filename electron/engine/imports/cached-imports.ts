import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { writeContainer } from "../../../traces/container/write-container.ts";
import { CancelledError, TraceFormatError } from "../../../traces/model/errors.ts";
import type { ImportLedger } from "../../../traces/model/ledger.ts";
import { hashEdges } from "../content-fingerprint.ts";
import { freeDiskBytes } from "../nameless-file.ts";
import { writeFileInPieces } from "../write-file.ts";
import type { ImportedTrace, ImportJob, Imports, ImportWatcher } from "./import-job.ts";

export interface CacheOptions {
  readonly folder: string;
  /** The ones not used for longest go first beyond this; 0 keeps none. */
  readonly limitBytes: number;
  /** Program and version: what another one wrote is not read. */
  readonly writer: string;
  /** Of files smaller than this nothing is kept. */
  readonly smallestFileBytes: number;
  /** Bytes that the disk of a folder still takes; absent: asks the system. */
  readonly freeBytes?: (folder: string) => number;
}

/** Imports whose copies on disk may be limited anew. */
export interface CachedImports extends Imports {
  /** What is beyond it goes at once. */
  limit(bytes: number): Promise<void>;
}

/** Part of the free disk that a trace may take: what is only convenient must not fill it. */
const diskFraction = 0.5;

const containerId = "deltaflame";

/**
 * Imports that keep what they read as containers, so that a file opens at once the next time. A file is known by its
 * size, its times of content and of status, its first and last 64 KiB. Whatever is wrong with a kept container, the
 * file itself is read again, and the ledger says so.
 */
export function createCachedImports(imports: Imports, initial: CacheOptions): CachedImports {
  const writing = new Set<Promise<void>>();
  let options = initial;
  return {
    async run(job, watcher, signal) {
      // A container does not tell how the user wanted its file to be read.
      const key =
        job.importer === null && job.timesInNs !== true && job.otherClock !== true
          ? await fingerprint(job.path, options)
          : null;
      if (key === null) return await imports.run(job, watcher, signal);
      const kept = await reopen(imports, key, job, watcher, signal, options);
      if (kept !== null && "trace" in kept) return kept;
      const imported = await imports.run(job, watcher, signal);
      if (imported.trace.meta.format !== containerId) {
        const work: Promise<void> = keep(imported, key, job.path, () => options).finally(() => writing.delete(work));
        writing.add(work);
      }
      return kept === null ? imported : withNote(imported, kept);
    },
    async limit(bytes) {
      options = { ...initial, limitBytes: bytes };
      // A folder that is not there yet holds nothing.
      await makeRoom(options).catch(() => undefined);
    },
    async close() {
      await Promise.all(writing);
      await imports.close();
    },
  };
}

/** Null for what is no file of a size worth it. */
async function fingerprint(path: string, { smallestFileBytes, writer }: CacheOptions): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile() || facts.size < smallestFileBytes) return null;
  // The time of status moves with every write and cannot be set back as that of the content can.
  const hash = createHash("sha256").update(`${writer} ${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}`);
  const isRead = await hashEdges(hash, path, facts.size).then(
    () => true,
    () => false,
  );
  return isRead ? hash.digest("hex") : null;
}

/** "KEY.chrome-json.dflame": the format that the file itself has. */
const nameOf = (key: string, format: string): string => `${key}.${format}.dflame`;

/** What is wrong with a kept container. */
interface Damage {
  readonly reason: string;
}

async function reopen(
  imports: Imports,
  key: string,
  job: ImportJob,
  watcher: ImportWatcher,
  signal: AbortSignal,
  { folder }: CacheOptions,
): Promise<ImportedTrace | Damage | null> {
  const names = await readdir(folder).catch((): string[] => []);
  const name = names.find((each) => each.startsWith(`${key}.`) && each.endsWith(".dflame"));
  if (name === undefined) return null;
  const path = join(folder, name);
  try {
    const imported = await imports.run(
      { ...job, path, importer: containerId, isOwnContainer: true },
      { ...watcher, onSnapshot: null },
      signal,
    );
    const now = new Date();
    await utimes(path, now, now);
    return asRead(imported, job.fileName, name.slice(key.length + 1, -".dflame".length));
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    await rm(path, { force: true });
    return { reason: error instanceof TraceFormatError ? error.message : "it could not be read" };
  }
}

/** The trace as its own importer gave it: under its name and format, without the word of who kept it. */
function asRead({ trace, outline, nameTotals }: ImportedTrace, name: string, format: string): ImportedTrace {
  const facts = trace.meta.facts.filter(([key]) => key !== "saved by");
  return {
    trace: { ...trace, meta: { ...trace.meta, name, format, facts } },
    outline: { ...outline, format, facts },
    nameTotals,
  };
}

/** The trace with a line in its ledger that says why it did not open at once. */
function withNote({ trace, outline, nameTotals }: ImportedTrace, { reason }: Damage): ImportedTrace {
  const { ledger: before } = trace.meta;
  const message = `the copy kept for quick opening was of no use, so the file was read again: ${reason}`;
  const ledger: ImportLedger = {
    ...before,
    notes: [...before.notes, { level: "info", code: "keptCopyDamaged", message, count: 1, firstBytes: [] }],
  };
  return { trace: { ...trace, meta: { ...trace.meta, ledger } }, outline: { ...outline, ledger }, nameTotals };
}

async function keep(
  { trace, outline }: ImportedTrace,
  key: string,
  sourcePath: string,
  newest: () => CacheOptions,
): Promise<void> {
  const options = newest();
  try {
    // One that changed while it was read is not the file of this key.
    if ((await fingerprint(sourcePath, options)) !== key) return;
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const { freeBytes = freeDiskBytes } = options;
    const { residentBytes } = outline;
    if (residentBytes > Math.min(options.limitBytes, freeBytes(options.folder) * diskFraction)) return;
    const path = join(options.folder, nameOf(key, trace.meta.format));
    await writeFileInPieces(path, writeContainer(trace, { writer: options.writer, arguments: null }));
    await makeRoom(newest());
  } catch {
    // A full disk or a folder that cannot be written costs the speed of the next opening, nothing else.
  }
}

/** What is still being written is younger. */
const abandonedMs = 60 * 60 * 1000;

/** Removes what was not used for longest, and what a program that ended left half written. */
async function makeRoom({ folder, limitBytes }: CacheOptions): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { path: join(folder, name), size, mtimeMs };
    }),
  );
  const oldestMs = Date.now() - abandonedMs;
  for (const { path, mtimeMs } of files)
    if (path.endsWith(".tmp") && mtimeMs < oldestMs) await rm(path, { force: true });
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= limitBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}
