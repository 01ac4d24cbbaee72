import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { formatNpyHeader, type NpyHeader, valueBytes } from "./npy.ts";

/** Writes a `.npy` file in order; the file appears under its name only when all of it is there. */
export interface ArrayWriter {
  /** Appends values; the array may be reused afterwards. Throws UserFacingError when the disk is full. */
  write(values: Float64Array): Promise<void>;
  /** Flushes and renames. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

const bufferedValues = 1 << 17;

/** `temporary`: where the values lie until all are there, in the same folder. */
export async function createArrayWriter(
  path: string,
  header: Omit<NpyHeader, "dataOffset">,
  temporary = `${path}.${randomUUID().slice(0, 8)}.part`,
): Promise<ArrayWriter> {
  const file = await open(temporary, "w");
  const buffer = header.dtype === "f32" ? new Float32Array(bufferedValues) : new Float64Array(bufferedValues);
  let filled = 0;
  let writtenBytes = 0;
  const put = async (bytes: Uint8Array): Promise<void> => {
    await writeFully(file, bytes, path);
    writtenBytes += bytes.length;
  };
  const flush = async (): Promise<void> => {
    await put(new Uint8Array(buffer.buffer, 0, filled * valueBytes(header.dtype)));
    filled = 0;
  };
  await put(formatNpyHeader(header));
  return {
    async write(values) {
      for (let first = 0; first < values.length;) {
        const part = values.subarray(first, first + bufferedValues - filled);
        buffer.set(part, filled);
        filled += part.length;
        first += part.length;
        if (filled === bufferedValues) await flush();
      }
    },
    async finish() {
      await flush();
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    async abandon() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

async function writeFully(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC")
      throw new UserFacingError(`the disk is full: ${path} was not written`, { cause: error });
    throw error;
  }
}
