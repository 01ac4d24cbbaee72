import { createHash, type Hash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { listProfileFiles } from "./profile-folder.ts";

const edgeBytes = 64 * 1024;

/**
 * Tells contents of files apart, wherever they lie and however they are called: by size, first and last 64 KiB, of a
 * folder those of all its profile files. SHA-256, hexadecimal. Throws what the file system throws.
 */
export async function contentFingerprint(path: string): Promise<string> {
  const hash = createHash("sha256");
  const facts = await stat(path);
  for (const each of facts.isDirectory() ? listProfileFiles(path) : [path]) {
    const { size } = await stat(each);
    hash.update(facts.isDirectory() ? `${basename(each)} ${size}` : `${size}`);
    await hashEdges(hash, each, size);
  }
  return hash.digest("hex");
}

/** Adds the first and the last 64 KiB of a file. */
export async function hashEdges(hash: Hash, path: string, size: number): Promise<void> {
  const file = await open(path, "r");
  try {
    const edge = new Uint8Array(edgeBytes);
    for (const position of [0, Math.max(0, size - edgeBytes)]) {
      const { bytesRead } = await file.read(edge, 0, edgeBytes, position);
      hash.update(edge.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
