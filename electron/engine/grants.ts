import type { FileToken } from "../contract/engine-contract.ts";
import type { GrantedFile } from "./trace-store.ts";

/** What may be opened, for all clients of an engine. */
export interface Grants {
  add(token: FileToken, file: GrantedFile): void;
  /** The file behind a token; null when no grant has come within `waitMs`. */
  find(token: FileToken): Promise<GrantedFile | null>;
}

/** Grants come from the shell and requests from the window, over two lines: a request may overtake its grant. */
const defaultWaitMs = 1000;

export function createGrants(waitMs: number = defaultWaitMs): Grants {
  const files = new Map<FileToken, GrantedFile>();
  const waiting = new Map<FileToken, Set<(file: GrantedFile) => void>>();
  return {
    add(token, file) {
      files.set(token, file);
      for (const resolve of waiting.get(token) ?? []) resolve(file);
      waiting.delete(token);
    },
    async find(token) {
      const known = files.get(token);
      if (known !== undefined) return known;
      const wishes = waiting.get(token) ?? new Set();
      waiting.set(token, wishes);
      return await new Promise((resolve) => {
        const timer = setTimeout(() => {
          wishes.delete(settle);
          if (wishes.size === 0) waiting.delete(token);
          resolve(null);
        }, waitMs);
        const settle = (file: GrantedFile): void => {
          clearTimeout(timer);
          resolve(file);
        };
        wishes.add(settle);
      });
    },
  };
}
