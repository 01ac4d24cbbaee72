import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { Trace } from "../model/trace.ts";
import type { PartFacts } from "./find-steps.ts";
import { InnermostSpans } from "./innermost-spans.ts";
import { launchingThreads } from "./launches.ts";
import { isGrouping } from "./track-roles.ts";

/**
 * Who owns the time of the host: the innermost span of the main thread, or, where this has only a step or phase open or
 * none, of the first other thread that launches device work and has more. Asked in the order of time, since spans are
 * looked at once, as they come; nothing is kept of them.
 */
export class HostTime {
  /** Owner of the time up to `untilNs`, -1 for none. */
  span = -1;
  untilNs: number = -Infinity;
  readonly #kind: Trace["spans"]["kind"];
  readonly #main: InnermostSpans | null;
  readonly #helpers: readonly InnermostSpans[];

  constructor({ part: { trace }, roles: { mainThread }, launches }: PartFacts) {
    this.#kind = trace.spans.kind;
    this.#main = mainThread === null ? null : new InnermostSpans(trace, trace.tracks[mainThread], true);
    this.#helpers =
      mainThread === null
        ? []
        : launchingThreads(trace, launches)
            .filter((track) => track !== mainThread)
            .map((track) => new InnermostSpans(trace, trace.tracks[track], false));
  }

  /** Passes over what ends before a time. */
  *skipTo(timeNs: number): Sliced<void> {
    for (const spans of this.#main === null ? [] : [this.#main, ...this.#helpers])
      while (!spans.seek(timeNs, spansPerSlice)) yield;
  }

  /** Finds the owner of the time from `fromNs` on, up to `toNs` at most. Times never descend from call to call. */
  ask(fromNs: number, toNs: number): void {
    this.span = -1;
    this.untilNs = toNs;
    if (this.#main === null) return;
    this.#take(this.#main, fromNs);
    if (this.span >= 0 && !isGrouping(this.#kind[this.span])) return;
    for (const helper of this.#helpers) if (this.#take(helper, fromNs)) return;
  }

  /** Whether the innermost span of a track owns the time; what comes later ends the time of the one below. */
  #take(spans: InnermostSpans, fromNs: number): boolean {
    spans.seek(fromNs);
    const owns = spans.startNs <= fromNs;
    if (owns) this.span = spans.span;
    this.untilNs = Math.min(this.untilNs, owns ? spans.endNs : spans.startNs);
    return owns;
  }
}
