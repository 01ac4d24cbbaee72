import * as v from "valibot";

import type { ShellCommandName, ShellCommands } from "./window-contract.ts";

const longestIdChars = 200;
const longestTextChars = 64 * 1024 * 1024;
const largestSavedBytes = 1024 * 1024 * 1024;

const nothing = v.null();
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(longestIdChars));

/** The largest settings the shell stores, as JSON text. */
export const largestSettingsChars = 256 * 1024;

/** What a window may ask; the shell parses every request with these before it looks at it. */
export const shellRequestSchemas = {
  "shell.facts": nothing,
  "file.choose": nothing,
  "file.chooseFolder": nothing,
  "file.showKept": nothing,
  "file.recent": nothing,
  "file.openRecent": v.strictObject({ id }),
  "file.forgetRecent": v.strictObject({ id: v.nullable(id) }),
  "file.databaseBeside": v.strictObject({ token: id }),
  "file.opened": v.strictObject({ token: id, formatLabel: v.pipe(v.string(), v.maxLength(longestIdChars)) }),
  "file.samples": nothing,
  "file.openSample": v.strictObject({ id }),
  "file.pending": nothing,
  "file.save": v.strictObject({
    suggestedName: v.pipe(v.string(), v.maxLength(1000)),
    bytes: v.pipe(
      v.instance(Uint8Array),
      v.check((bytes) => bytes.byteLength <= largestSavedBytes, "more than 1 GiB"),
    ),
  }),
  "file.chooseTarget": v.strictObject({
    suggestedName: v.pipe(v.string(), v.maxLength(1000)),
    extension: v.pipe(v.string(), v.regex(/^[a-z\d]{1,16}$/)),
    formatLabel: v.pipe(v.string(), v.maxLength(longestIdChars)),
  }),
  "file.savePdf": v.strictObject({
    suggestedName: v.pipe(v.string(), v.maxLength(1000)),
    html: v.pipe(v.string(), v.maxLength(longestTextChars)),
  }),
  "settings.read": nothing,
  "settings.write": v.strictObject({
    settings: v.pipe(
      v.record(v.pipe(v.string(), v.maxLength(longestIdChars)), v.unknown()),
      v.check((settings) => JSON.stringify(settings).length <= largestSettingsChars, "more than 256 KiB"),
    ),
  }),
  "clipboard.write": v.strictObject({ text: v.pipe(v.string(), v.maxLength(longestTextChars)) }),
  "engine.restart": nothing,
} satisfies { readonly [N in ShellCommandName]: v.GenericSchema<unknown, ShellCommands[N]["request"]> };

/** Absolute paths that the preload found behind dropped files. */
export const droppedPathsSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(32_768))), v.maxLength(200));
