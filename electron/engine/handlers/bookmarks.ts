import { UserFacingError } from "../../../traces/model/errors.ts";
import { createBookmarkStore } from "../bookmark-store.ts";
import { contentFingerprint } from "../content-fingerprint.ts";
import { toFileError } from "../files.ts";
import type { OpenTrace } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Bookmarks of the files behind traces. */
export function createBookmarkHandlers({
  host,
  store,
}: HandlerParts): Pick<Handlers, "bookmark.read" | "bookmark.write"> {
  const bookmarks = createBookmarkStore(host.bookmarkFolder);
  return {
    async "bookmark.read"({ trace }) {
      const fingerprint = await fingerprintOf(store.entry(trace));
      if (fingerprint === null) return { fingerprint, bookmarks: [], problem: null };
      try {
        return { fingerprint, bookmarks: await bookmarks.read(fingerprint), problem: null };
      } catch (error) {
        if (!(error instanceof UserFacingError)) throw error;
        return { fingerprint, bookmarks: [], problem: error.message };
      }
    },
    async "bookmark.write"({ trace, bookmarks: wanted }) {
      const entry = store.entry(trace);
      const fingerprint = await fingerprintOf(entry);
      if (fingerprint === null) throw new UserFacingError("no file holds this trace");
      await bookmarks.write(fingerprint, entry.file.name, wanted);
      return null;
    },
  };
}

/** Of the content that was opened: of a file that changes later, what was kept stays with what was seen. */
async function fingerprintOf(entry: OpenTrace): Promise<string | null> {
  if (entry.fileStamp === null) return null;
  entry.fingerprint ??= contentFingerprint(entry.file.path).catch((error: unknown) => {
    throw toFileError(error);
  });
  return await entry.fingerprint;
}
