import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";

import type { FileGrant } from "../contract/window-contract.ts";
import { profileFolderBytes } from "./profile-folder.ts";
import { describeFileError, ShellError } from "./shell-error.ts";

/** A file the user let the app read. Samples are ours and stay out of the recent list. */
export interface GrantedFile {
  readonly token: string;
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly isSample: boolean;
}

export interface FileGrants {
  /** Throws ShellError when the path is neither a regular file nor a folder with a profile. */
  grant(path: string, options?: { readonly isSample?: boolean }): Promise<FileGrant>;
  find(token: string): GrantedFile | null;
  all(): readonly GrantedFile[];
}

/** The only place that knows which path stands behind a token; tells each new grant to `onGrant` before it answers. */
export function createFileGrants(onGrant: (file: GrantedFile) => void): FileGrants {
  const files = new Map<string, GrantedFile>();
  return {
    async grant(path, { isSample = false } = {}) {
      const name = basename(path);
      const bytes = await readFileSize(path, name);
      const file: GrantedFile = { token: randomUUID(), path, name, bytes, isSample };
      files.set(file.token, file);
      onGrant(file);
      return { token: file.token, name, bytes };
    },
    find: (token) => files.get(token) ?? null,
    all: () => [...files.values()],
  };
}

async function readFileSize(path: string, name: string): Promise<number> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new ShellError(`${name} cannot be opened: ${describeFileError(error)}`, { cause: error });
  });
  if (stats.isFile()) return stats.size;
  const bytes = profileFolderBytes(path);
  if (bytes !== null) return bytes;
  throw new ShellError(`${name} cannot be opened: it is neither a regular file nor a folder with a profile`);
}
