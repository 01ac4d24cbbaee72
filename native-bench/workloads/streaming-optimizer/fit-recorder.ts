import type { SpanKind } from "../../../traces/model/span-kind.ts";

export type SpanArguments = Readonly<Record<string, string | number | boolean>>;

/** Where a fit says what it does. Times are ms since the epoch, `performance.timeOrigin + performance.now()`. */
export interface FitRecorder {
  /** Opens a span inside the open one. */
  begin(name: string, kind: SpanKind, args?: SpanArguments): void;
  /** Closes the innermost open span, adding what is only known now. */
  end(args?: SpanArguments): void;
  /** A span of another track: a thread, or writes that overlap the fit. */
  complete(track: string, name: string, kind: SpanKind, startMs: number, endMs: number): void;
  instant(name: string, args?: SpanArguments): void;
  counter(name: string, value: number): void;
}

export const nullFitRecorder: FitRecorder = {
  begin: () => undefined,
  end: () => undefined,
  complete: () => undefined,
  instant: () => undefined,
  counter: () => undefined,
};

export const epochMs = (): number => performance.timeOrigin + performance.now();
