import { app } from "electron";
import { statSync } from "node:fs";
import { resolve } from "node:path";

/** The files of the command line that started this process, absolute. Chromium switches and the app folder are skipped. */
export function findFileArguments(): readonly string[] {
  const rest = app.isPackaged ? process.argv.slice(1) : argumentsAfterApp();
  return keepFiles(rest.filter((argument) => !argument.startsWith("-")).map((argument) => resolve(argument)));
}

/** The regular files among the paths; the terminal learns which ones are none. */
export function keepFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    if (!isFile) console.error(`${path} is not a file that can be opened`);
    return isFile;
  });
}

function argumentsAfterApp(): readonly string[] {
  const appPath = app.getAppPath();
  const index = process.argv.findIndex(
    (argument, position) => position > 0 && !argument.startsWith("-") && resolve(argument) === appPath,
  );
  return index === -1 ? [] : process.argv.slice(index + 1);
}
