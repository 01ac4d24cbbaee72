/*
 * Shortcuts are written "Mod+Shift+K": modifiers in this order, then the key as `KeyboardEvent.key` names it
 * (letters in capitals). "Mod" is Ctrl, on a Mac Command. "Ctrl" is Ctrl everywhere.
 */

/** Whether Command takes the place of Ctrl on this machine. */
export function isMac(): boolean {
  return navigator.platform.startsWith("Mac");
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether the key press is this shortcut. Shift is free for signs that need it on some keyboards ("?"). */
export function matchesShortcut(shortcut: string, press: KeyPress, mac: boolean): boolean {
  const parts = shortcut.split("+");
  const key = parts.at(-1) === "" ? "+" : (parts.at(-1) ?? "");
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const ctrl = wants("Ctrl") || (wants("Mod") && !mac);
  const meta = wants("Mod") && mac;
  if (press.ctrlKey !== ctrl || press.metaKey !== meta || press.altKey !== wants("Alt")) return false;
  const isSign = key.length === 1 && !/[A-Z0-9]/.test(key);
  if (!isSign && press.shiftKey !== wants("Shift")) return false;
  return key.length === 1 ? press.key.toUpperCase() === key : press.key === key;
}

/** Keys to show, one by one. */
export function formatShortcut(shortcut: string, mac: boolean): readonly string[] {
  const macSigns: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Ctrl: "⌃", Backspace: "⌫" };
  const signs: Readonly<Record<string, string>> = {
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Escape: "Esc",
    Enter: "↵",
    Mod: "Ctrl",
    PageUp: "PgUp",
    PageDown: "PgDn",
  };
  return shortcut.split("+").map((part) => (mac ? macSigns[part] : undefined) ?? signs[part] ?? part);
}

/** Whether single keys belong to what has the focus: a text field, a list that is typed into. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
