// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { type MenuCommand, menuCommands } from "../../../electron/contract/menu-commands.ts";
import { commands, menuAliases } from "../../../renderer/app/commands.ts";

const idOf = (id: string): string => menuAliases[id as MenuCommand] ?? id;

test("the menu offers only what the window can do", () => {
  const known = new Set(commands.map(({ id }) => id));
  expect(Object.keys(menuCommands).filter((id) => !known.has(idOf(id)))).toEqual([]);
});

test("the menu shows keys that the window takes", () => {
  const shortcuts = new Map(commands.map(({ id, shortcuts: keys }) => [id, keys]));
  const wrong = Object.entries(menuCommands).filter(([id, { accelerator, key }]) => {
    const shown = accelerator?.replace("CmdOrCtrl", "Mod") ?? key;
    return shown !== null && !(shortcuts.get(idOf(id)) ?? []).includes(shown);
  });
  expect(wrong.map(([id]) => id)).toEqual([]);
});
