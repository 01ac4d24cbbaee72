import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import { hasLaunchesOnly } from "../state/has-launches-only.ts";
import type { AppState } from "../state/store.ts";
import { type TimelineCommand, timelineCommands } from "../timeline/commands.ts";
import type { TimelineController } from "../timeline/controller.ts";
import { type KeyPress, matchesShortcut } from "../ui/shortcut.ts";
import { activeTab } from "./command-builders.ts";

/** Who waits longer has given up, and would be surprised. */
const longestWaitMs = 2000;

interface WaitingKey {
  readonly trace: TraceKey;
  readonly command: TimelineCommand;
  readonly atMs: number;
}

/** Keys of the timeline that were pressed while the trace on the screen had none yet: it takes them when it comes. */
export class WaitingKeys {
  #waiting: WaitingKey[] = [];

  /** Keeps the press if it means something to the timeline that is on its way; whether it did. Times are those of events, ms. */
  add(press: KeyPress & { readonly timeStamp: number }, state: AppState, mac: boolean): boolean {
    const tab = activeTab(state);
    const isExpected =
      tab !== null &&
      (tab.load.kind === "loading" || tab.load.kind === "ready") &&
      tab.measurements === null &&
      (tab.summary === null || !hasLaunchesOnly(tab.summary));
    if (!isExpected) return false;
    const command = timelineCommands.find(({ shortcuts }) =>
      shortcuts.some((each) => matchesShortcut(each, press, mac)),
    );
    if (command === undefined) return false;
    this.#waiting.push({ trace: tab.key, command, atMs: press.timeStamp });
    return true;
  }

  /** Runs what waited for this timeline, in the order of the presses, and forgets the rest. */
  replay(timeline: TimelineController, nowMs: number): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { trace, command, atMs } of waiting)
      if (trace === timeline.trace && nowMs - atMs <= longestWaitMs) command.run(timeline);
  }
}
