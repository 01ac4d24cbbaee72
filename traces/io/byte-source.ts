/**
 * Bytes of one file, in order and at random. Offsets are those of the uncompressed content.
 * The host makes it (files, gunzip); importers only read.
 */
export interface ByteSource {
  /** Size of the uncompressed content; null when it is known only at the end (gzip). */
  readonly size: number | null;
  /** Bytes of the stored file, for progress. */
  readonly storedSize: number;
  /** Stored bytes consumed so far. */
  readonly storedRead: number;
  /** Fills `target` from the current position; returns the bytes written, 0 at the end. */
  fill(target: Uint8Array): number | Promise<number>;
  /**
   * As `fill`, while the caller goes on and, where it can, from another thread straight into `target`; one at a time.
   * Absent where nothing is gained by it.
   */
  fillLater?(target: Uint8Array): Promise<number>;
  /** Reads at an offset, without moving the position; returns the bytes written. */
  readAt(offset: number, target: Uint8Array): Promise<number>;
  /** `readAt` costs the same everywhere; false where one that goes back reads from the start on. */
  readonly seeks: boolean;
  /**
   * Copies content that was not read yet to where it can be read at once, so that `seeks` becomes true unless there is
   * no room; `betweenPieces` is called on the way and may throw. Absent where there is nothing to copy.
   */
  unpack?(betweenPieces: () => void): Promise<void>;
  /**
   * Opens reads at any offset that wait for nothing, for formats that follow pointers (databases). Compressed content
   * is inflated to a private copy first; `betweenPieces` is called on the way and may throw. Closed with the source.
   */
  openRandomAccess(betweenPieces: () => void): Promise<RandomAccess>;
  /** Where the content lies in its file, if it lies there as it is; absent where it does not. */
  readonly stored?: StoredContent;
  /** Files that were joined to this content, in order; absent for a single file. */
  readonly parts?: readonly SourcePart[];
  /** What went wrong on the way without ending the data: "gzip CRC differs", "gzip stream ends early". */
  readonly warnings: readonly SourceWarning[];
  close(): void;
}

/** Content that is a part of a file. */
export interface StoredContent {
  /** Position of its first byte. */
  readonly start: number;
  /** Of the file that was opened, in bytes and ms: another one has others. */
  readonly fileSize: number;
  readonly modifiedMs: number;
}

/** One of several files that are read as one: its content lies at [start, end). */
export interface SourcePart {
  /** File name; never a path. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes that can be read in any order, at once. */
export interface RandomAccess {
  readonly size: number;
  /** Returns the bytes written to `target`: fewer than asked for only at the end. */
  readAt(offset: number, target: Uint8Array): number;
  /** As `readAt`, while the caller goes on; one at a time. Absent where nothing is gained by it. */
  readLater?(offset: number, target: Uint8Array): Promise<number>;
}

export interface SourceWarning {
  readonly code: "gzipTruncated" | "gzipChecksum" | "gzipTrailing" | "gzipMembers";
  readonly message: string;
  readonly byteOffset: number;
}
