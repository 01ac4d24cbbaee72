import { type BrowserWindow, clipboard, dialog } from "electron";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { formatLink, LinkError, type LinkPlace, type LinkSource, parseLink } from "../contract/view-link.ts";
import type { FileGrant } from "../contract/window-contract.ts";
import type { FileGrants } from "./file-grants.ts";
import type { RecentFiles } from "./recent-files.ts";
import { sampleIdOf, samplePath } from "./samples.ts";
import { describeFileError, ShellError } from "./shell-error.ts";

/** Puts a link to a place in a granted file on the clipboard: the window knows no path. */
export async function copyLink(grants: FileGrants, token: string, place: LinkPlace): Promise<void> {
  const file = grants.find(token);
  if (file === null) throw new ShellError("This file was not granted");
  const sample = file.isSample ? await sampleIdOf(file.path) : null;
  const source: LinkSource = sample === null ? { kind: "file", path: file.path } : { kind: "sample", id: sample };
  await clipboard.writeText(formatLink({ source, ...place }));
}

export interface LinkOpeningParts {
  readonly grants: FileGrants;
  readonly recentFiles: Pick<RecentFiles, "knows">;
  readonly window: () => BrowserWindow;
}

/**
 * Grants the file of a link. The text may come from anywhere: a file that the user has not opened before is granted
 * only after a question that shows its whole path; null when the answer was no.
 */
export async function openLink(
  text: string,
  { grants, recentFiles, window }: LinkOpeningParts,
): Promise<FileGrant | null> {
  const { source } = parse(text);
  if (source.kind === "sample") return await grants.grant(await samplePath(source.id), { isSample: true });
  const { path } = source;
  await stat(path).catch((error: unknown) => {
    throw new ShellError(`${basename(path)}, the file of the link, cannot be opened: ${describeFileError(error)}`, {
      cause: error,
    });
  });
  const isKnown = recentFiles.knows(path) || grants.all().some((file) => file.path === path);
  if (!isKnown && !(await askForConsent(window(), path))) return null;
  return await grants.grant(path);
}

function parse(text: string): ReturnType<typeof parseLink> {
  try {
    return parseLink(text);
  } catch (error) {
    throw error instanceof LinkError ? new ShellError(error.message, { cause: error }) : error;
  }
}

async function askForConsent(window: BrowserWindow, path: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `Open ${basename(path)}?`,
    detail: `A link names this file, which was not opened here before:\n${path}`,
    buttons: ["Open", "Cancel"],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
