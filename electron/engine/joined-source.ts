import type { ByteSource, RandomAccess, SourcePart } from "../../traces/io/byte-source.ts";

/** A file that is read together with others; `name` is shown, the path never is. */
export interface SourceMember {
  readonly name: string;
  readonly source: ByteSource;
}

/**
 * Several files as one: their bytes one after another. For formats whose files may be put together so, as protobuf
 * messages may: the fields of both are the fields of one. Closes its members.
 */
export function joinedSource(members: readonly SourceMember[]): ByteSource {
  const sources = members.map(({ source }) => source);
  let reading = 0;
  let parts: readonly SourcePart[] = [];
  const [first] = sources;
  return {
    get size() {
      const sizes = sources.map(({ size }) => size);
      return sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    },
    storedSize: sources.reduce((sum, { storedSize }) => sum + storedSize, 0),
    get storedRead() {
      return sources.reduce((sum, { storedRead }) => sum + storedRead, 0);
    },
    async fill(target) {
      for (; reading < sources.length; reading++) {
        const count = await sources[reading]?.fill(target);
        if (count !== undefined && count > 0) return count;
      }
      return 0;
    },
    seeks: sources.every(({ seeks }) => seeks),
    // Only the head is asked for, before random access is open.
    readAt: (offset, target) => first?.readAt(offset, target) ?? Promise.resolve(0),
    async openRandomAccess(betweenPieces) {
      const opened: (SourcePart & { readonly access: RandomAccess })[] = [];
      let start = 0;
      for (const { name, source } of members) {
        const access = await source.openRandomAccess(betweenPieces);
        opened.push({ name, start, end: start + access.size, access });
        start += access.size;
      }
      parts = opened.map(({ name, start, end }) => ({ name, start, end }));
      return {
        size: start,
        readAt(offset, target) {
          let done = 0;
          for (const part of opened) {
            const at = offset + done;
            if (done === target.length || at < part.start || at >= part.end) continue;
            done += part.access.readAt(
              at - part.start,
              target.subarray(done, done + Math.min(target.length - done, part.end - at)),
            );
          }
          return done;
        },
      };
    },
    get parts() {
      return parts;
    },
    get warnings() {
      return sources.flatMap(({ warnings }) => warnings);
    },
    close() {
      for (const source of sources) source.close();
    },
  };
}
