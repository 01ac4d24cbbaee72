// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import { menuCommands } from "../../../../electron/contract/menu-commands.ts";
import type { CommandContext } from "../../../../renderer/app/command.ts";
import {
  commandGroups,
  commands,
  findCommand,
  handleKeyPress,
  listenForKeys,
  runCommand,
} from "../../../../renderer/app/commands.ts";
import { WaitingKeys } from "../../../../renderer/app/waiting-keys.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import type { Viewport } from "../../../../renderer/state/trace-tab.ts";
import type { TimelineController } from "../../../../renderer/timeline/controller.ts";
import { createHandEngine, createHandPlatform, grantOf, summaryOf } from "../fake-platform.ts";

function openTrace() {
  const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
  store.getState().connectEngine(createHandEngine());
  store.getState().openFiles([grantOf("a.json"), grantOf("b.json")]);
  const key = store.getState().tabs[0]?.key ?? "";
  store.getState().acceptSummary(summaryOf(key));
  const context: CommandContext = { store, timeline: null };
  return { store, context };
}

function press(
  context: CommandContext,
  key: string,
  parts: KeyboardEventInit = {},
  target: HTMLElement = document.body,
): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...parts });
  const listen = (heard: Event): void => handleKeyPress(heard as KeyboardEvent, context, false);
  addEventListener("keydown", listen);
  target.dispatchEvent(event);
  removeEventListener("keydown", listen);
  return event;
}

afterEach(() => document.body.replaceChildren());

test("what the menu and the buttons of the timeline do has a command and a key of its own", () => {
  for (const id of [
    "file.openFolder",
    "file.openSample",
    "file.keptTraces",
    "timeline.moveUp",
    "timeline.moveDown",
    "timeline.rowHeight",
    "timeline.selectVisible",
    "timeline.growLater",
  ])
    expect(findCommand(id)?.shortcuts, id).toHaveLength(1);
});

test("Ctrl+Enter is the window's, even on a button that would take it for a press", () => {
  const { store, context } = openTrace();
  store.getState().showView("profile");
  let started = 0;
  store.setState({
    startRun: () => {
      started++;
      return Promise.resolve();
    },
  });
  const button = document.createElement("button");
  button.addEventListener("keydown", (event) => event.preventDefault());
  document.body.append(button);
  const stop = listenForKeys(context, false);
  const enter = (parts: KeyboardEventInit): boolean =>
    button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...parts }));
  enter({ ctrlKey: true });
  enter({});
  stop();
  enter({ ctrlKey: true });
  expect(started).toBe(1);
});

test("keys of a timeline that is still to come wait for it, those of another trace and old ones do not", () => {
  const { store, context } = openTrace();
  const [first, second] = store.getState().tabs.map(({ key }) => key);
  const waiting = new WaitingKeys();
  const stop = listenForKeys(context, false, waiting);
  const typed = document.createElement("input");
  document.body.append(typed);
  const press = (key: string, target: HTMLElement = document.body): boolean =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const moves: string[] = [];
  const timelineOf = (trace: string | undefined) =>
    ({
      trace,
      live: { target: { startNs: 0, endNs: 1000 } },
      limits: { durationNs: 1000, minSpanNs: 1, maxSpanNs: 1100 },
      pointer: null,
      glide: ({ startNs, endNs }: Viewport) => moves.push(`${trace} ${startNs} ${endNs}`),
    }) as unknown as TimelineController;
  store.getState().activateTab(first ?? null);
  // Taken: not for whoever else would scroll or type with it.
  expect([press("w"), press("d"), press("j"), press("s", typed)]).toEqual([false, false, true, true]);
  store.getState().activateTab(second ?? null);
  expect(press("a")).toBe(false);
  stop();
  waiting.replay(timelineOf(second), performance.now());
  expect(moves).toEqual([`${second} -50 950`]);
  waiting.replay(timelineOf(first), performance.now());
  expect(moves).toHaveLength(1);

  const again = listenForKeys(context, false, waiting);
  for (const key of ["w", "d"]) press(key);
  again();
  waiting.replay(timelineOf(second), performance.now());
  expect(moves.slice(1)).toEqual([`${second} 100 900`, `${second} 50 1050`]);
  const last = listenForKeys(context, false, waiting);
  press("w");
  last();
  waiting.replay(timelineOf(second), performance.now() + 60_000);
  expect(moves).toHaveLength(3);
});

describe("the registry", () => {
  test("every id stands once", () => {
    const ids = commands.map((command) => command.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("every key means one thing", () => {
    const keys = commands.flatMap((command) => command.shortcuts.map((shortcut) => [shortcut, command.id] as const));
    expect(keys.filter(([shortcut], index) => keys.findIndex(([other]) => other === shortcut) !== index)).toEqual([]);
  });

  test("every command has words and a group that palette and help sheet show", () => {
    for (const command of commands) {
      expect(command.title, command.id).not.toBe("");
      expect(commandGroups, command.id).toContain(command.group);
    }
  });

  test("every entry of the menu leads to a command, with the key that the menu shows", () => {
    for (const [id, entry] of Object.entries(menuCommands)) {
      const command = findCommand(id);
      expect(command, id).not.toBeNull();
      if (entry.key !== null) expect(command?.shortcuts, id).toContain(entry.key);
      if (entry.accelerator !== null)
        expect(command?.shortcuts, id).toContain(entry.accelerator.replace("CmdOrCtrl", "Mod"));
    }
  });

  test("a command that makes no sense now does not run", () => {
    const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
    expect(runCommand("tab.close", { store, timeline: null })).toBe(false);
    expect(runCommand("no.such", { store, timeline: null })).toBe(false);
    expect(runCommand("app.shortcuts", { store, timeline: null })).toBe(true);
    expect(store.getState().overlay).toBe("help");
  });
});

describe("keys", () => {
  test("reach their command and are used up", () => {
    const { store, context } = openTrace();
    expect(press(context, "3").defaultPrevented).toBe(true);
    expect(store.getState().dockTab).toBe("callTree");
    press(context, "Tab", { ctrlKey: true });
    expect(store.getState().activeKey).toBe(store.getState().tabs[1]?.key);
    press(context, "w", { ctrlKey: true });
    expect(store.getState().tabs).toHaveLength(1);
  });

  test("belong to a text field that has the focus, unless Ctrl is held", () => {
    const { store, context } = openTrace();
    const field = document.createElement("input");
    document.body.append(field);
    expect(press(context, "3", {}, field).defaultPrevented).toBe(false);
    expect(store.getState().dockTab).toBe("top");
    press(context, "k", { ctrlKey: true }, field);
    expect(store.getState().overlay).toBe("palette");
  });

  test("rename, delete and bring back bookmarks; what is typed is taken back by its own field", () => {
    const { store, context } = openTrace();
    const key = store.getState().activeKey ?? "";
    const labels = () =>
      store
        .getState()
        .tabs.find((tab) => tab.key === key)
        ?.bookmarks.map(({ label }) => label);
    store.getState().addBookmark(key, { startNs: 10, endNs: 10, label: "here" });
    store.getState().nameBookmark(null);
    press(context, "F2");
    expect(store.getState().namedBookmark?.label).toBe("here");
    store.getState().nameBookmark(null);
    press(context, "k", { altKey: true });
    expect(labels()).toEqual([]);
    const field = document.createElement("input");
    document.body.append(field);
    expect(press(context, "z", { ctrlKey: true }, field).defaultPrevented).toBe(false);
    expect(labels()).toEqual([]);
    press(context, "z", { ctrlKey: true });
    expect(labels()).toEqual(["here"]);
  });

  test("no text field types with a function key: F5 starts a run from any field of its form", () => {
    const { store, context } = openTrace();
    store.getState().showView("profile");
    const field = document.createElement("input");
    document.body.append(field);
    expect(press(context, "F5", {}, field).defaultPrevented).toBe(true);
  });

  test("do nothing that somebody else has done", () => {
    const { store, context } = openTrace();
    const grid = document.createElement("div");
    grid.addEventListener("keydown", (event) => event.preventDefault());
    document.body.append(grid);
    press(context, "3", {}, grid);
    expect(store.getState().dockTab).toBe("top");
  });

  test("rest while a dialog is open", () => {
    const { store, context } = openTrace();
    store.getState().showOverlay("help");
    press(context, "3");
    expect(store.getState().dockTab).toBe("top");
  });
});
