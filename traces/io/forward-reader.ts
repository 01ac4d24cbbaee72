/** Content that comes from its start on, a piece at a time. */
export interface Pieces {
  /** Null at the end. */
  next(): Promise<Uint8Array | null>;
  /** Nobody reads the piece any more. */
  release(piece: Uint8Array): void;
  close(): void;
}

export interface ForwardReader {
  /** As `ByteSource.readAt`. */
  readAt(offset: number, target: Uint8Array): Promise<number>;
  close(): void;
}

/** Content before the last read that stays at hand: neighbors of an event are asked for next. */
const keptBytes = 2 ** 20;

/**
 * Reads at any offset of content that can only be had from its start on. Reads at growing offsets go on where the last
 * one ended, so that all of them together take one pass; one that goes back starts again.
 */
export function createForwardReader(start: () => Pieces): ForwardReader {
  let pieces: Pieces | null = null;
  let kept: Uint8Array[] = [];
  let keptFrom = 0;
  let position = 0;
  let isAtEnd = false;
  let tail: Promise<unknown> = Promise.resolve();

  const stop = (): void => {
    pieces?.close();
    pieces = null;
    kept = [];
    keptFrom = position = 0;
    isAtEnd = false;
  };
  const dropBefore = (offset: number): void => {
    for (let [first] = kept; first !== undefined && keptFrom + first.length <= offset; [first] = kept) {
      kept.shift();
      keptFrom += first.length;
      pieces?.release(first);
    }
  };
  const copy = (offset: number, target: Uint8Array): number => {
    let filled = 0;
    let at = keptFrom;
    for (const piece of kept) {
      const from = Math.max(0, offset + filled - at);
      const part = piece.subarray(from, from + target.length - filled);
      target.set(part, filled);
      filled += part.length;
      at += piece.length;
    }
    return filled;
  };
  const read = async (offset: number, target: Uint8Array): Promise<number> => {
    if (offset < keptFrom) stop();
    pieces ??= start();
    try {
      while (!isAtEnd && position < offset + target.length) {
        dropBefore(offset - keptBytes);
        const piece = await pieces.next();
        isAtEnd = piece === null;
        if (piece === null) break;
        kept.push(piece);
        position += piece.length;
      }
    } catch (error) {
      stop();
      throw error;
    }
    return copy(offset, target);
  };

  return {
    readAt(offset, target) {
      // One after another: they share the stream.
      const done = tail.then(() => read(offset, target));
      tail = done.catch(() => undefined);
      return done;
    },
    close: stop,
  };
}
