import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { endOf, flagsOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";
import type { PartFacts } from "./find-steps.ts";
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

/** The innermost closed span of a track at every time it has one, piece of time after piece. */
class InnermostSpans {
  /** Of the piece; infinite behind the last one. */
  span = -1;
  startNs: number = -Infinity;
  endNs: number = -Infinity;
  readonly #spans: Trace["spans"];
  readonly #withGroups: boolean;
  readonly #isPlain: boolean;
  /** The first span that has not been opened yet. */
  #next: number;
  readonly #end: number;
  /** From outermost inwards. */
  readonly #open: number[] = [];
  #timeNs = -Infinity;

  /** `withGroups`: steps and phases have pieces too. */
  constructor({ spans }: Trace, { firstSpan, spanCount }: Track, withGroups: boolean) {
    this.#spans = spans;
    this.#withGroups = withGroups;
    this.#isPlain = spans.lane === undefined && spans.flags === undefined;
    this.#end = firstSpan + spanCount;
    this.#next = this.#from(firstSpan);
  }

  /** Goes on to the first piece that ends behind a time, over so many at most; false: it is further on. */
  seek(timeNs: number, most: number = Infinity): boolean {
    for (let count = 0; this.endNs <= timeNs; count++) {
      if (count === most) return false;
      this.#advance();
    }
    return true;
  }

  #advance(): void {
    const spans = this.#spans;
    for (;;) {
      const nextNs = this.#next < this.#end ? spans.startNs[this.#next] : Infinity;
      const top = this.#open[this.#open.length - 1] ?? -1;
      const topEndNs = top < 0 ? -Infinity : endOf(spans, top);
      const from = this.#timeNs;
      const to = Math.min(nextNs, topEndNs);
      if (top >= 0 && topEndNs <= nextNs) {
        this.#open.pop();
        this.#timeNs = Math.max(from, to);
      } else if (nextNs < Infinity) {
        this.#open.push(this.#next);
        this.#next = this.#from(this.#next + 1);
        this.#timeNs = Math.max(from, nextNs);
      } else {
        this.span = -1;
        this.startNs = Infinity;
        this.endNs = Infinity;
        return;
      }
      if (to <= from || (!this.#withGroups && isGrouping(spans.kind[top]))) continue;
      this.span = top;
      this.startNs = from;
      this.endNs = to;
      return;
    }
  }

  /** The first closed span of the first lane from one on: spans of a lane nest. */
  #from(first: number): number {
    let span = first;
    while (span < this.#end && !this.#isPlain && this.#isLeftOut(span)) span++;
    return span;
  }

  #isLeftOut(span: number): boolean {
    const { lane } = this.#spans;
    return (lane !== undefined && lane[span] !== 0) || (flagsOf(this.#spans, span) & SpanFlag.openEnded) !== 0;
  }
}
