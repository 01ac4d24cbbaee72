/* Places in a trace that the user wants to find again, kept on this machine for whatever file has the same content. */

export interface BookmarkCommands {
  /** Of the file of a trace. A trace that no file holds has none. */
  "bookmark.read": { readonly request: { readonly trace: string }; readonly reply: KeptBookmarks };
  /** Keeps these instead of what was kept before. Refuses traces that no file holds. */
  "bookmark.write": {
    readonly request: { readonly trace: string; readonly bookmarks: readonly Bookmark[] };
    readonly reply: null;
  };
}

/** A moment, or a range of time; ns since the origin of the trace. */
export interface Bookmark {
  readonly startNs: number;
  readonly endNs: number;
  readonly label: string;
}

export interface KeptBookmarks {
  /** By time. */
  readonly bookmarks: readonly Bookmark[];
  /** Why what is kept cannot be read; null when it could. */
  readonly problem: string | null;
  /** What they are kept under: tells contents of files apart. Null for a trace that no file holds. */
  readonly fingerprint: string | null;
}

export const longestBookmarkLabel = 200;
export const mostBookmarks = 1000;
