/*
 * Words that the window and its shell (main process, or the test host in Chromium) share.
 * The shell grants files, keeps settings, saves what the window made; it computes nothing.
 */

import type { LinkPlace } from "./view-link.ts";

/** A file the user chose. The window never sees the path. */
export interface FileGrant {
  readonly token: string;
  readonly name: string;
  readonly bytes: number;
}

/** What waits for a window to open it. */
export interface PendingOpenings {
  readonly files: readonly FileGrant[];
  readonly links: readonly string[];
}

/** A place the user chose for a file that the engine will write. */
export interface TargetGrant {
  readonly token: string;
  readonly name: string;
}

export interface RecentFile {
  readonly id: string;
  readonly name: string;
  /** Folder, home shortened to "~"; for telling equal names apart. */
  readonly folder: string;
  readonly bytes: number;
  readonly formatLabel: string | null;
  /** Unix ms. */
  readonly openedAt: number;
  readonly exists: boolean;
}

export interface SampleFile {
  readonly id: string;
  readonly name: string;
  /** One sentence for the welcome screen. */
  readonly description: string;
  readonly bytes: number;
  /** Id of the sample that is "after" where this one is "before"; null for those that stand alone. */
  readonly pair: string | null;
}

export interface ShellFacts {
  readonly version: string;
  readonly platform: "darwin" | "win32" | "linux" | "web";
  readonly electron: string | null;
  readonly chromium: string;
  /** Runs on an old Electron that is meant for evaluation and tests only. */
  readonly evaluationRuntime: boolean;
}

/** What the window remembers; the shell stores it as is, below 256 KiB. */
export type Settings = Readonly<Record<string, unknown>>;

export interface ShellCommands {
  "shell.facts": { readonly request: null; readonly reply: ShellFacts };
  "file.choose": { readonly request: null; readonly reply: readonly FileGrant[] };
  /** A folder that a profiler wrote, opened as one trace. */
  "file.chooseFolder": { readonly request: null; readonly reply: readonly FileGrant[] };
  /** Tells what is kept of traces, and offers to delete it. */
  "file.showKept": { readonly request: null; readonly reply: null };
  "file.recent": { readonly request: null; readonly reply: readonly RecentFile[] };
  "file.openRecent": { readonly request: { readonly id: string }; readonly reply: FileGrant };
  "file.forgetRecent": { readonly request: { readonly id: string | null }; readonly reply: null };
  /** The database that nsys made beside a report of Nsight Systems; null when there is none. */
  "file.databaseBeside": { readonly request: { readonly token: string }; readonly reply: FileGrant | null };
  /** After a successful open, so that the recent list shows the format. */
  "file.opened": { readonly request: { readonly token: string; readonly formatLabel: string }; readonly reply: null };
  "file.samples": { readonly request: null; readonly reply: readonly SampleFile[] };
  "file.openSample": { readonly request: { readonly id: string }; readonly reply: FileGrant };
  /** Files and links given on the command line and not yet handed out. */
  "file.pending": { readonly request: null; readonly reply: PendingOpenings };
  /** Puts a link to a place in a file on the clipboard. */
  "link.copy": { readonly request: { readonly token: string; readonly place: LinkPlace }; readonly reply: null };
  /** The file of a link, once the user has agreed to it; null when they have not. */
  "link.open": { readonly request: { readonly text: string }; readonly reply: FileGrant | null };
  /** Asks for a place and writes there; null when the user changed their mind, else the file name. */
  "file.save": {
    readonly request: { readonly suggestedName: string; readonly bytes: Uint8Array };
    readonly reply: string | null;
  };
  /** Asks for a place that the engine may write to; null when the user changed their mind. */
  "file.chooseTarget": {
    readonly request: { readonly suggestedName: string; readonly extension: string; readonly formatLabel: string };
    readonly reply: TargetGrant | null;
  };
  /** Asks for a place and prints the page there, A4, scripts off and without any request; answers as `file.save`. */
  "file.savePdf": {
    readonly request: { readonly suggestedName: string; readonly html: string };
    readonly reply: string | null;
  };
  "settings.read": { readonly request: null; readonly reply: Settings };
  "settings.write": { readonly request: { readonly settings: Settings }; readonly reply: null };
  "clipboard.write": { readonly request: { readonly text: string }; readonly reply: null };
  /** Starts the engine again after its end; the new port arrives as at the start. */
  "engine.restart": { readonly request: null; readonly reply: null };
}

export interface ShellEvents {
  /** Files from a second start, a file association or the menu. */
  "file.granted": readonly FileGrant[];
  /** A link from a second start. */
  "link.given": { readonly text: string };
  "engine.ended": { readonly message: string };
  /** A menu entry; the id of a window command. */
  "menu.command": { readonly command: string };
}

export type ShellCommandName = keyof ShellCommands;
export type ShellEventName = keyof ShellEvents;

/** `window.deltaflame`, put there by the preload. */
export interface WindowBridge {
  invoke<N extends ShellCommandName>(
    command: N,
    request: ShellCommands[N]["request"],
  ): Promise<ShellCommands[N]["reply"]>;
  on<N extends ShellEventName>(event: N, listener: (payload: ShellEvents[N]) => void): () => void;
  /** Turns dropped files into grants. */
  grantDropped(files: readonly File[]): Promise<readonly FileGrant[]>;
}

/** `window.postMessage` tag with which the preload hands the engine port to the page. */
export const enginePortMessage = "deltaflame:engine-port";

export const invokeChannel = "deltaflame:invoke";
export const eventChannel = "deltaflame:event";
export const dropChannel = "deltaflame:drop";
