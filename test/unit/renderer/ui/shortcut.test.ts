import { describe, expect, test } from "vitest";
import { formatShortcut, type KeyPress, matchesShortcut } from "../../../../renderer/ui/shortcut.ts";

const press = (key: string, parts: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...parts,
});

describe("shortcuts", () => {
  test("Mod is Ctrl, on a Mac Command", () => {
    expect(matchesShortcut("Mod+K", press("k", { ctrlKey: true }), false)).toBe(true);
    expect(matchesShortcut("Mod+K", press("k", { metaKey: true }), true)).toBe(true);
    expect(matchesShortcut("Mod+K", press("k", { ctrlKey: true }), true)).toBe(false);
    expect(matchesShortcut("Ctrl+Tab", press("Tab", { ctrlKey: true }), true)).toBe(true);
  });
  test("letters mind Shift, signs do not: some keyboards need it for them", () => {
    expect(matchesShortcut("W", press("w"), false)).toBe(true);
    expect(matchesShortcut("W", press("W", { shiftKey: true }), false)).toBe(false);
    expect(matchesShortcut("Shift+W", press("W", { shiftKey: true }), false)).toBe(true);
    expect(matchesShortcut("?", press("?", { shiftKey: true }), false)).toBe(true);
    expect(matchesShortcut("/", press("/"), false)).toBe(true);
  });
  test("other modifiers make another shortcut", () => {
    expect(matchesShortcut("W", press("w", { ctrlKey: true }), false)).toBe(false);
    expect(matchesShortcut("Alt+ArrowLeft", press("ArrowLeft"), false)).toBe(false);
  });
  test("are shown as keys", () => {
    expect(formatShortcut("Mod+Shift+K", false)).toEqual(["Ctrl", "Shift", "K"]);
    expect(formatShortcut("Mod+Shift+K", true)).toEqual(["⌘", "⇧", "K"]);
    expect(formatShortcut("ArrowLeft", false)).toEqual(["←"]);
  });
});
