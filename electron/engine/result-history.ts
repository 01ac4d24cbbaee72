import { copyFile, mkdir, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { KeptSuite } from "../contract/history-contract.ts";

/** Where results are kept when nobody names a folder: with the data of the user, nothing leaves the machine. */
export function historyFolder(): string {
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "deltaflame", "history");
}

/** Files of a suite, oldest first, with the time each was kept. */
export interface KeptRun {
  readonly path: string;
  /** "2026-11-25T10:00:00", UTC. */
  readonly keptAt: string;
}

export async function listRuns(root: string, suite: string): Promise<readonly KeptRun[]> {
  const folder = join(root, toFolderName(suite));
  return (await namesIn(folder))
    .filter((entry) => entry.endsWith(".json"))
    .toSorted()
    .map((entry) => ({ path: join(folder, entry), keptAt: timeOf(entry) }));
}

export async function listSuites(root: string): Promise<readonly KeptSuite[]> {
  const suites: KeptSuite[] = [];
  for (const suite of (await namesIn(root)).toSorted()) {
    const runs = await listRuns(root, suite);
    const newest = runs.at(-1);
    if (newest !== undefined) suites.push({ suite, runCount: runs.length, newest: newest.keptAt });
  }
  return suites;
}

/** Copies a result file to the runs of a suite. */
export async function keepRun(root: string, suite: string, path: string): Promise<void> {
  const folder = join(root, toFolderName(suite));
  await mkdir(folder, { recursive: true });
  await copyFile(path, join(folder, `${fileTime(new Date(), await namesIn(folder))}.json`));
}

/** Nothing where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function toFolderName(suite: string): string {
  return suite.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "_");
}

/** UTC, so that names sort by time; a number behind it where two come in one second. */
function fileTime(now: Date, kept: readonly string[]): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const same = kept.filter((entry) => entry.startsWith(time)).length;
  return `${time}-${String(same).padStart(3, "0")}`;
}

/** "2026-11-25T10-00-00-000.json" → "2026-11-25T10:00:00". */
function timeOf(entry: string): string {
  const [, date = entry, time = ""] = /^([\d-]+)T([\d-]{8})/.exec(entry) ?? [];
  return time === "" ? date : `${date}T${time.replaceAll("-", ":")}`;
}
