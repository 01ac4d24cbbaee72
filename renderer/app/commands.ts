import type { MenuCommand } from "../../electron/contract/menu-commands.ts";
import { bookmarkCommands } from "./bookmark-commands.ts";
import { compareCommands } from "./compare-commands.ts";
import { timelineCommands } from "../timeline/commands.ts";
import { isTyping, matchesShortcut } from "../ui/shortcut.ts";
import { appCommands } from "./app-commands.ts";
import type { Command, CommandContext, CommandGroup } from "./command.ts";
import { WaitingKeys } from "./waiting-keys.ts";

/** In the order of palette and help sheet. */
export const commandGroups: readonly CommandGroup[] = [
  "File",
  "Run",
  "Tabs",
  "Compare",
  "Search",
  "Zoom and pan",
  "Select",
  "Bookmarks",
  "Tracks",
  "Panels",
  "Window",
];

/** Everything the window can do; the one place that palette, help sheet, menu and keys read. */
export const commands: readonly Command[] = [
  ...appCommands,
  ...compareCommands,
  ...bookmarkCommands,
  ...timelineCommands.map((command): Command => ({
    id: command.id,
    title: command.title,
    group: command.group,
    shortcuts: command.shortcuts,
    isEnabled: ({ timeline }) => timeline !== null,
    run: ({ timeline }) => {
      if (timeline !== null) command.run(timeline);
    },
  })),
];

/** Menu entries whose command has another id here. */
export const menuAliases: Readonly<Partial<Record<MenuCommand, string>>> = {
  "view.back": "timeline.previousView",
  "view.zoomIn": "timeline.zoomIn",
  "view.zoomOut": "timeline.zoomOut",
  "view.panLeft": "timeline.panLeft",
  "view.panRight": "timeline.panRight",
  "view.fitSelection": "timeline.fit",
  "view.wholeTrace": "timeline.whole",
  "view.measure": "timeline.measure",
};

/** The command behind an id of this registry or of the menu. */
export function findCommand(id: string): Command | null {
  const own = (menuAliases as Readonly<Record<string, string>>)[id] ?? id;
  return commands.find((command) => command.id === own) ?? null;
}

/** Runs a command when it makes sense now; whether it did. */
export function runCommand(id: string, context: CommandContext): boolean {
  const command = findCommand(id);
  if (command === null || !command.isEnabled(context)) return false;
  command.run(context);
  return true;
}

/** Runs commands by their keys; `waiting` gets those of a timeline that is still to come. Returns its own undo. */
export function listenForKeys(
  context: CommandContext,
  mac: boolean,
  waiting: WaitingKeys = new WaitingKeys(),
): () => void {
  const handle = (event: KeyboardEvent): void => handleKeyPress(event, context, mac, waiting);
  // A focused button would take Ctrl+Enter for a press of its own.
  const handleEnter = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) handle(event);
  };
  addEventListener("keydown", handleEnter, { capture: true });
  addEventListener("keydown", handle);
  return () => {
    removeEventListener("keydown", handleEnter, { capture: true });
    removeEventListener("keydown", handle);
  };
}

/**
 * Runs the command of a key press that nobody has used, and marks the press as used. Keys without Ctrl or Command,
 * function keys aside, belong to a text field that has the focus, plain arrows and Enter to whatever control has it.
 */
export function handleKeyPress(
  event: KeyboardEvent,
  context: CommandContext,
  mac: boolean,
  waiting: WaitingKeys = new WaitingKeys(),
): void {
  if (
    event.defaultPrevented ||
    event.isComposing ||
    belongsToControl(event) ||
    context.store.getState().overlay !== null
  )
    return;
  const command = commands.find(
    (each) => each.shortcuts.some((shortcut) => matchesShortcut(shortcut, event, mac)) && each.isEnabled(context),
  );
  if (command === undefined) {
    if (context.timeline === null && waiting.add(event, context.store.getState(), mac)) event.preventDefault();
    return;
  }
  // Text is what the user means to copy where some is selected, and to take back where some is typed.
  const isOnText = command.id === "edit.copySelection" && (getSelection()?.toString() ?? "") !== "";
  if (isOnText || (textFieldCommands.has(command.id) && isTyping(event.target))) return;
  event.preventDefault();
  command.run(context);
}

/** Their keys mean something to a text field, which has them first. */
const textFieldCommands: ReadonlySet<string> = new Set(["edit.copySelection", "bookmark.restore"]);

function belongsToControl(event: KeyboardEvent): boolean {
  // No text field types with a function key.
  if (event.ctrlKey || event.metaKey || /^F\d+$/.test(event.key)) return false;
  return isTyping(event.target) || (isControlKey(event.key) && event.target !== document.body);
}

const isControlKey = (key: string): boolean => key.startsWith("Arrow") || key === "Backspace";
