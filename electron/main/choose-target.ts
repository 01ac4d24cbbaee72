import { type BrowserWindow, dialog } from "electron";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";

import type { ShellCommands, TargetGrant } from "../contract/window-contract.ts";
import type { EngineProcess } from "./engine-process.ts";
import { toFileName } from "./file-name.ts";

/** Asks for a place and lets the engine write there, which alone learns the path; null when the user changed their mind. */
export async function chooseTarget(
  window: BrowserWindow,
  { suggestedName, extension, formatLabel }: ShellCommands["file.chooseTarget"]["request"],
  grantTarget: EngineProcess["grantTarget"],
): Promise<TargetGrant | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: "Export trace",
    defaultPath: toFileName(suggestedName),
    filters: [
      { name: formatLabel, extensions: [extension] },
      { name: "All files", extensions: ["*"] },
    ],
  });
  if (canceled || !filePath) return null;
  const target = { token: randomUUID(), path: filePath, name: basename(filePath) };
  grantTarget(target);
  return { token: target.token, name: target.name };
}
