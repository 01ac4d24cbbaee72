import type { AppStore } from "../state/store.ts";
import type { TimelineController } from "../timeline/controller.ts";

export type CommandGroup =
  | "File"
  | "Run"
  | "Tabs"
  | "Compare"
  | "Search"
  | "Zoom and pan"
  | "Select"
  | "Bookmarks"
  | "Tracks"
  | "Panels"
  | "Window";

/** Something the user can do, wherever it is asked for: key, palette, menu, button. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** In the notation of `ui/shortcut.ts`; the first one is shown. */
  readonly shortcuts: readonly string[];
  readonly isEnabled: (context: CommandContext) => boolean;
  readonly run: (context: CommandContext) => void;
}

export interface CommandContext {
  readonly store: AppStore;
  /** The timeline on the screen; null on the welcome screen and while nothing is read. */
  readonly timeline: TimelineController | null;
}
