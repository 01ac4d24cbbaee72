import { app } from "electron";
import { resolve } from "node:path";

import { keepFiles } from "./keep-files.ts";

/** The files of the command line that started this process, absolute. Chromium switches and the app folder are skipped. */
export function findFileArguments(): readonly string[] {
  const rest = app.isPackaged ? process.argv.slice(1) : argumentsAfterApp();
  return keepFiles(rest.filter((argument) => !argument.startsWith("-")).map((argument) => resolve(argument)));
}

function argumentsAfterApp(): readonly string[] {
  const appPath = app.getAppPath();
  const index = process.argv.findIndex(
    (argument, position) => position > 0 && !argument.startsWith("-") && resolve(argument) === appPath,
  );
  return index === -1 ? [] : process.argv.slice(index + 1);
}
