import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { OptionValue } from "../../plan/option.ts";
import { peekCheckpoint } from "./checkpoint/checkpoint-store.ts";
import type { FitState } from "./fit-state.ts";

/** Folder of this user for what a later run may want again: synthetic experiments, converted files, checkpoints. */
export const keptFolder = (): string => join(tmpdir(), `deltaflame-${userInfo().username}`, "streaming-optimizer");

/** What a fit was asked for, kept with its checkpoints. */
export interface KeptConfiguration {
  readonly variant: string;
  readonly backend: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly points: number;
}

/** A fit that was stopped and can go on. */
export interface KeptFit {
  readonly configuration: KeptConfiguration;
  /** When its newest checkpoint was written, ms since the epoch. */
  readonly savedMs: number;
  readonly passes: number;
  /** Trials of phase 2; null before it. */
  readonly iteration: number | null;
  /** Σ w·r² at the newest accepted point; null before phase 2. */
  readonly cost: number | null;
}

export interface KeptFiles {
  /** The newest first. */
  readonly fits: readonly KeptFit[];
  /** All that is kept, with data. */
  readonly bytes: number;
}

const longestAgeMs = 30 * 86_400_000;
const mostBytes = 4 * 2 ** 30;

export async function listKept(folder = keptFolder()): Promise<KeptFiles> {
  const entries = await listEntries(folder);
  const fits: KeptFit[] = [];
  for (const { path, isFit } of entries) {
    const fit = isFit ? await describeFit(path) : null;
    if (fit !== null) fits.push(fit);
  }
  return {
    fits: fits.toSorted((a, b) => b.savedMs - a.savedMs),
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Removes all that is kept. */
export async function clearKept(folder = keptFolder()): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Removes what nobody has touched for thirty days, and the oldest of what is beyond 4 GiB. */
export async function trimKept(
  folder = keptFolder(),
  { ageMs = longestAgeMs, bytes: allowed = mostBytes }: { readonly ageMs?: number; readonly bytes?: number } = {},
): Promise<void> {
  let room = allowed;
  for (const { path, usedMs, bytes } of (await listEntries(folder)).toSorted((a, b) => b.usedMs - a.usedMs)) {
    room -= bytes;
    if (room < 0 || Date.now() - usedMs > ageMs) await rm(path, { recursive: true, force: true });
  }
}

interface KeptEntry {
  readonly path: string;
  readonly isFit: boolean;
  readonly bytes: number;
  readonly usedMs: number;
}

async function listEntries(folder: string): Promise<readonly KeptEntry[]> {
  const entries: KeptEntry[] = [];
  for (const entry of await readFolder(folder)) {
    const path = join(folder, entry.name);
    const files = entry.isDirectory() ? (await readFolder(path)).map(({ name }) => join(path, name)) : [path];
    const facts = await Promise.all(files.map((file) => stat(file)));
    entries.push({
      path,
      isFit: entry.isDirectory(),
      bytes: facts.reduce((sum, { size }) => sum + size, 0),
      usedMs: facts.reduce((newest, { mtimeMs, atimeMs }) => Math.max(newest, mtimeMs, atimeMs), 0),
    });
  }
  return entries;
}

async function readFolder(folder: string) {
  return await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

async function describeFit(folder: string): Promise<KeptFit | null> {
  const found = await peekCheckpoint(folder);
  if (found === null || found.about === null) return null;
  const { fused, nlsq, passCounts } = found.state as FitState;
  return {
    configuration: found.about as KeptConfiguration,
    savedMs: (await stat(found.path)).mtimeMs,
    passes: passCounts.full + passCounts.cost,
    iteration: fused?.solver.trial ?? nlsq?.iteration ?? null,
    cost: fused?.solver.equations.cost ?? nlsq?.best.cost ?? null,
  };
}
