import * as v from "valibot";

import { longestLinkChars, mostRowRanges } from "./view-link.ts";
import type { ShellCommandName, ShellCommands } from "./window-contract.ts";

const longestIdChars = 200;
const longestTextChars = 64 * 1024 * 1024;
const largestSavedBytes = 1024 * 1024 * 1024;

const nothing = v.null();
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(longestIdChars));

const time = v.pipe(v.number(), v.finite());
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const linkPlace = v.strictObject({
  content: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  startNs: time,
  endNs: time,
  selection: v.variant("kind", [
    v.strictObject({ kind: v.literal("none") }),
    v.strictObject({ kind: v.literal("span"), track: whole, depth: whole, startNs: time, durationNs: time }),
    v.strictObject({ kind: v.literal("instant"), instant: whole }),
    v.strictObject({ kind: v.literal("range"), startNs: time, endNs: time }),
    v.strictObject({
      kind: v.literal("area"),
      startNs: time,
      endNs: time,
      rows: v.pipe(v.array(v.tuple([whole, whole])), v.maxLength(mostRowRanges)),
    }),
  ]),
});

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
  "link.copy": v.strictObject({ token: id, place: linkPlace }),
  "link.open": v.strictObject({ text: v.pipe(v.string(), v.maxLength(longestLinkChars)) }),
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
