import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { epochMs, type FitRecorder } from "../fit-recorder.ts";
import { decodeJson, encodeJson } from "./float-codec.ts";

/** What a checkpoint belongs to: it is only resumed where all of this is the same. */
export interface CheckpointKey {
  /** Of the configuration, model, start and bounds. */
  readonly config: string;
  readonly data: string;
  /** Which kernel: the last bits differ between them. */
  readonly kernel: string;
}

/** Writes checkpoints beside the fit: the newest one waits for the one that is being written, older ones are skipped. */
export interface CheckpointStore {
  /** Takes a copy of `state` and returns; the disk is waited for elsewhere. */
  save(state: unknown): void;
  /** Waits for the last write; throws what it failed with. */
  flush(): Promise<void>;
  /** Removes the checkpoints of a fit that is done. */
  clear(): Promise<void>;
  readonly writtenCount: number;
  /** Longest time that `save` kept its caller, ms. */
  readonly longestBlockMs: number;
}

const formatVersion = 1;
const keptCount = 3;
const fileName = /^fit-(\d{8})\.json$/;

interface CheckpointFile {
  readonly version: number;
  readonly key: CheckpointKey;
  /** What was being fitted, for people and for starting it again; null where nobody said. */
  readonly about?: unknown;
  readonly state: unknown;
}

/** Opens the folder, making it if needed. `recorder` sees `checkpoint.serialize` on the fit's track and `checkpoint.write` on its own. */
export async function createCheckpointStore(
  folder: string,
  key: CheckpointKey,
  recorder: FitRecorder,
  about: unknown = null,
): Promise<CheckpointStore> {
  await mkdir(folder, { recursive: true });
  // The first digest of a process takes 3 ms: here, where no pass waits for it.
  seal(encodeJson({ version: formatVersion, key, state: new Float64Array(1) } satisfies CheckpointFile));
  let sequence = Math.max(0, ...(await listCheckpoints(folder)).map(({ sequence }) => sequence));
  let waiting: string | null = null;
  let writing: Promise<void> | null = null;
  let failure: unknown = null;
  let writtenCount = 0;
  let longestBlockMs = 0;

  const writeWaiting = async (): Promise<void> => {
    while (waiting !== null) {
      const text: string = waiting;
      waiting = null;
      sequence++;
      const startMs = epochMs();
      await writeAtomically(folder, `fit-${String(sequence).padStart(8, "0")}.json`, text);
      recorder.complete("checkpoints", "checkpoint.write", SpanKind.io, startMs, epochMs());
      writtenCount++;
      await removeOld(folder);
    }
  };
  const start = (): void => {
    writing ??= writeWaiting()
      .catch((error: unknown) => void (failure ??= toCheckpointError(error, folder)))
      .finally(() => void (writing = null));
  };
  return {
    save(state) {
      if (failure !== null) throw failure;
      const startMs = performance.now();
      recorder.begin("checkpoint.serialize", SpanKind.op);
      waiting = seal(encodeJson({ version: formatVersion, key, about, state } satisfies CheckpointFile));
      start();
      recorder.end();
      longestBlockMs = Math.max(longestBlockMs, performance.now() - startMs);
    },
    async flush() {
      await writing;
      if (failure !== null) throw failure;
    },
    async clear() {
      await writing;
      for (const { name } of await listCheckpoints(folder)) await rm(join(folder, name), { force: true });
    },
    get writtenCount() {
      return writtenCount;
    },
    get longestBlockMs() {
      return longestBlockMs;
    },
  };
}

/**
 * The state of the newest readable checkpoint; null when there is none. A damaged file is passed over for the one before it.
 * Throws UserFacingError naming what differs when the newest readable one belongs to another fit.
 */
export async function readNewestCheckpoint(folder: string, key: CheckpointKey): Promise<unknown> {
  for (const { name } of (await listCheckpoints(folder)).toSorted((a, b) => b.sequence - a.sequence)) {
    const file = unseal(await readFile(join(folder, name), "utf8"));
    if (file === null) continue;
    if (file.version !== formatVersion)
      throw new UserFacingError(`expected a checkpoint of version ${formatVersion}, found ${file.version} (${name})`);
    for (const part of ["config", "data", "kernel"] as const)
      if (file.key[part] !== key[part])
        throw new UserFacingError(
          `the checkpoint ${name} is of another fit: its ${part} is ${file.key[part]}, here it is ${key[part]}`,
        );
    return file.state;
  }
  return null;
}

/** What the newest readable checkpoint of a folder holds, whichever fit it is of; null where there is none. */
export async function peekCheckpoint(
  folder: string,
): Promise<{ readonly path: string; readonly about: unknown; readonly state: unknown } | null> {
  for (const { name } of (await listCheckpoints(folder)).toSorted((a, b) => b.sequence - a.sequence)) {
    const path = join(folder, name);
    const file = unseal(await readFile(path, "utf8"));
    if (file !== null && file.version === formatVersion) return { path, about: file.about ?? null, state: file.state };
  }
  return null;
}

/** A line with the digest of the rest, so that half a file is never taken for a whole one. */
function seal(text: string): string {
  return `${createHash("sha256").update(text).digest("hex")}\n${text}`;
}

function unseal(sealed: string): CheckpointFile | null {
  const end = sealed.indexOf("\n");
  const text = sealed.slice(end + 1);
  if (createHash("sha256").update(text).digest("hex") !== sealed.slice(0, end)) return null;
  return decodeJson(text) as CheckpointFile;
}

async function writeAtomically(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `${name}.part`);
  const file = await open(temporary, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
  await syncFolder(folder);
}

/** The new name is on the disk only when its folder is; platforms that cannot sync a folder do without. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOld(folder: string): Promise<void> {
  const files = (await listCheckpoints(folder)).toSorted((a, b) => b.sequence - a.sequence);
  for (const { name } of files.slice(keptCount)) await rm(join(folder, name), { force: true });
}

async function listCheckpoints(
  folder: string,
): Promise<readonly { readonly name: string; readonly sequence: number }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.flatMap((name) => {
    const sequence = fileName.exec(name)?.[1];
    return sequence === undefined ? [] : [{ name, sequence: Number(sequence) }];
  });
}

function toCheckpointError(error: unknown, folder: string): unknown {
  if (error instanceof Error && "code" in error && error.code === "ENOSPC")
    return new UserFacingError(`the disk is full: no checkpoint could be written to ${folder}`, { cause: error });
  return error;
}
