import type { FromEngine, ToEngine } from "./engine-contract.ts";
import type { PlainError } from "./plain-error.ts";
import type { ShellCommandName, ShellEvents, ShellEventName } from "./window-contract.ts";

/*
 * What travels over the one socket of a window that runs in a browser instead of Electron (tests, screenshots):
 * each message is one binary frame of frame.ts. The socket lies at `webSocketPath` of the page's own host.
 */

export const webSocketPath = "/engine";

export type ToWebHost =
  | { readonly kind: "engine"; readonly message: ToEngine }
  | { readonly kind: "invoke"; readonly id: number; readonly command: ShellCommandName; readonly request: unknown }
  /** Dropped files: a browser knows no path, so the bytes travel. Answered by "reply" with `FileGrant[]`. */
  | {
      readonly kind: "drop";
      readonly id: number;
      readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    };

export type FromWebHost =
  | { readonly kind: "engine"; readonly message: FromEngine }
  | { readonly kind: "reply"; readonly id: number; readonly reply: unknown }
  | { readonly kind: "refused"; readonly id: number; readonly error: PlainError }
  /** A new engine stands behind the socket (after `engine.restart`); calls to the old one never answer. */
  | { readonly kind: "engineStarted" }
  | {
      readonly [N in ShellEventName]: { readonly kind: "event"; readonly event: N; readonly payload: ShellEvents[N] };
    }[ShellEventName];
