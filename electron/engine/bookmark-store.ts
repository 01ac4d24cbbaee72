import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { UserFacingError } from "../../traces/model/errors.ts";
import type { Bookmark } from "../contract/bookmark-contract.ts";
import { bookmarkList } from "../contract/schemas.ts";
import { refuseWrite, writeFileInPieces } from "./write-file.ts";

/** Where bookmarks are kept: with the data of the user, nothing leaves the machine. */
export function bookmarkFolder(): string {
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "deltaflame", "bookmarks");
}

/** `file`: the name of the file when they were set, for people who look into the folder. */
const kept = v.pipe(v.string(), v.parseJson(), v.strictObject({ file: v.string(), bookmarks: bookmarkList }));

/** Bookmarks of files, one small file for each content. */
export interface BookmarkStore {
  /** Throws `UserFacingError` where what is kept cannot be read. */
  read(fingerprint: string): Promise<readonly Bookmark[]>;
  /** Throws `UserFacingError` where the disk refuses. */
  write(fingerprint: string, fileName: string, bookmarks: readonly Bookmark[]): Promise<void>;
}

export function createBookmarkStore(folder: string): BookmarkStore {
  const pathOf = (fingerprint: string): string => join(folder, `${fingerprint}.json`);
  return {
    async read(fingerprint) {
      const text = await readFile(pathOf(fingerprint), "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw new UserFacingError("what is kept of this file cannot be read", { cause: error });
      });
      if (text === null) return [];
      const result = v.safeParse(kept, text);
      if (result.success) return byTime(result.output.bookmarks);
      throw new UserFacingError(`what is kept of this file is damaged: ${pathOf(fingerprint)}`);
    },
    async write(fingerprint, fileName, bookmarks) {
      const path = pathOf(fingerprint);
      if (bookmarks.length === 0) return await rm(path, { force: true }).catch(refuseWrite);
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refuseWrite);
      await writeFileInPieces(path, onePiece(JSON.stringify({ file: fileName, bookmarks: byTime(bookmarks) })));
    },
  };
}

const byTime = (bookmarks: readonly Bookmark[]): readonly Bookmark[] =>
  bookmarks.toSorted((a, b) => a.startNs - b.startNs || a.endNs - b.endNs);

async function* onePiece(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
