import { app } from "electron";
import { resolve } from "node:path";

import { isLink } from "../contract/view-link.ts";
import { keepFiles } from "./keep-files.ts";
import { keepLinks } from "./link-arguments.ts";

/** What the command line that started this process wants opened. */
export interface StartArguments {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Links to views. */
  readonly links: readonly string[];
}

/** Chromium switches and the app folder are skipped. */
export function findStartArguments(): StartArguments {
  const rest = app.isPackaged ? process.argv.slice(1) : argumentsAfterApp();
  const words = rest.filter((argument) => !argument.startsWith("-"));
  return {
    files: keepFiles(words.filter((word) => !isLink(word)).map((word) => resolve(word))),
    links: keepLinks(words),
  };
}

function argumentsAfterApp(): readonly string[] {
  const appPath = app.getAppPath();
  const index = process.argv.findIndex(
    (argument, position) => position > 0 && !argument.startsWith("-") && resolve(argument) === appPath,
  );
  return index === -1 ? [] : process.argv.slice(index + 1);
}
