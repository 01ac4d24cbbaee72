import { endOf, flagsOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";
import { isGrouping } from "./track-roles.ts";

/** The innermost closed span of a track at every time it has one, piece of time after piece. */
export class InnermostSpans {
  /** Of the piece; infinite behind the last one. */
  span: number = -1;
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
