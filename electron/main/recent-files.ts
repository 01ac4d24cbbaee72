import { app } from "electron";
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, sep } from "node:path";

import type { RecentFile } from "../contract/window-contract.ts";
import { profileFolderBytes } from "./profile-folder.ts";
import { ShellError } from "./shell-error.ts";
import type { StateStore, StoredRecentFile } from "./stored-state.ts";

const longestList = 20;

export interface RecentFiles {
  list(): Promise<readonly RecentFile[]>;
  /** Puts a file on top; one entry a path. */
  remember(path: string, formatLabel: string): void;
  /** Throws ShellError when the entry is gone. */
  pathOf(id: string): string;
  /** Whether the user has opened this path lately. */
  knows(path: string): boolean;
  /** null: all of them. */
  forget(id: string | null): void;
}

/** The files opened lately, newest first; calls `onChange` after each change. */
export function createRecentFiles(store: StateStore, onChange: () => void): RecentFiles {
  const read = (): readonly StoredRecentFile[] => store.read("recentFiles");
  const write = (files: readonly StoredRecentFile[]): void => {
    store.write("recentFiles", files.slice(0, longestList));
    onChange();
  };
  return {
    list: () => Promise.all(read().map(describe)),
    remember(path, formatLabel) {
      const known = read().find((file) => file.path === path);
      const entry = { id: known?.id ?? randomUUID(), path, formatLabel, openedAt: Date.now() };
      app.addRecentDocument(path);
      write([entry, ...read().filter((file) => file.path !== path)]);
    },
    pathOf(id) {
      const entry = read().find((file) => file.id === id);
      if (entry === undefined) throw new ShellError("This file is no longer in the recent list");
      return entry.path;
    },
    knows: (path) => read().some((file) => file.path === path),
    forget(id) {
      if (id === null) app.clearRecentDocuments();
      write(id === null ? [] : read().filter((file) => file.id !== id));
    },
  };
}

async function describe(file: StoredRecentFile): Promise<RecentFile> {
  const stats = await stat(file.path).catch(() => null);
  return {
    id: file.id,
    name: basename(file.path),
    folder: shortenHome(dirname(file.path)),
    bytes: stats?.size ?? 0,
    formatLabel: file.formatLabel,
    openedAt: file.openedAt,
    exists: stats !== null && (stats.isFile() || profileFolderBytes(file.path) !== null),
  };
}

/** "/home/ada/traces" → "~/traces". */
function shortenHome(folder: string): string {
  const home = homedir();
  if (folder === home) return "~";
  return folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}
