import { app } from "electron";
import { statSync } from "node:fs";
import { resolve } from "node:path";

/**
 * The files of a command line, absolute. Chromium switches and everything up to the app folder are skipped;
 * what is not an existing regular file is named on the terminal.
 */
export function findFileArguments(commandLine: readonly string[], workingFolder: string): readonly string[] {
  const rest = app.isPackaged ? commandLine.slice(1) : argumentsAfterApp(commandLine, workingFolder);
  const files = rest.filter((argument) => !argument.startsWith("-")).map((argument) => resolve(workingFolder, argument));
  return files.filter((file) => {
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
    if (!isFile) console.error(`${file} is not a file that can be opened`);
    return isFile;
  });
}

function argumentsAfterApp(commandLine: readonly string[], workingFolder: string): readonly string[] {
  const appPath = app.getAppPath();
  const index = commandLine.findIndex((argument, position) => position > 0 && !argument.startsWith("-") && resolve(workingFolder, argument) === appPath);
  return commandLine.slice(index === -1 ? commandLine.length : index + 1);
}
