import { ipcMain, type IpcMainInvokeEvent } from "electron";
import * as v from "valibot";

import {
  dropChannel,
  type FileGrant,
  invokeChannel,
  type ShellCommandName,
  type ShellCommands,
} from "../contract/window-contract.ts";
import { droppedPathsSchema, shellRequestSchemas } from "../contract/window-schemas.ts";
import type { ShellReply } from "../contract/shell-reply.ts";
import { isAppUrl } from "./app-url.ts";
import { ShellError, toWindowError } from "./shell-error.ts";

/** A shell command without a handler does not compile. */
export type ShellHandlers = {
  readonly [N in ShellCommandName]: (request: ShellCommands[N]["request"]) => Promise<ShellCommands[N]["reply"]>;
};

/** Opens the two doors of the window: commands, and the paths of dropped files. Nothing else answers. */
export function openWindowDoor(
  handlers: ShellHandlers,
  grantPaths: (paths: readonly string[]) => Promise<readonly FileGrant[]>,
): void {
  ipcMain.handle(invokeChannel, (event, name: unknown, request: unknown) =>
    answer(event, String(name), () => runCommand(handlers, name, request)),
  );
  ipcMain.handle(dropChannel, (event, paths: unknown) =>
    answer(event, "file.drop", () => grantPaths(parse(droppedPathsSchema, paths))),
  );
}

async function answer(event: IpcMainInvokeEvent, action: string, run: () => Promise<unknown>): Promise<ShellReply> {
  try {
    checkSender(event);
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, error: toWindowError(error, action) };
  }
}

async function runCommand(handlers: ShellHandlers, name: unknown, request: unknown): Promise<unknown> {
  if (!isCommandName(name)) throw new ShellError("Unknown shell command");
  return run(handlers, name, request);
}

async function run<N extends ShellCommandName>(handlers: ShellHandlers, name: N, request: unknown): Promise<unknown> {
  // The schema table is checked against the commands where it is written; TypeScript cannot follow the pairing here.
  const schema = shellRequestSchemas[name] as unknown as v.GenericSchema<unknown, ShellCommands[N]["request"]>;
  return handlers[name](parse(schema, request));
}

function isCommandName(name: unknown): name is ShellCommandName {
  return typeof name === "string" && Object.hasOwn(shellRequestSchemas, name);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new ShellError(`The request is not valid: ${v.summarize(parsed.issues)}`);
}

/** Only the top frame of our own page may ask. */
function checkSender(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null || !isAppUrl(frame.url))
    throw new ShellError("This page may not use the shell");
}
