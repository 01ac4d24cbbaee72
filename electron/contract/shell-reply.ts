import type { PlainError } from "./plain-error.ts";

/** How an answer travels from the shell to the preload: Electron would keep only the message of a thrown error. */
export type ShellReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PlainError };
