import type { SpanKindName } from "../../traces/model/span-kind.ts";

/** An interned span name with its kind; made once by `name`, outside of loops. */
export type SpanName = number & { readonly spanName: unique symbol };
/** An interned series of numbers. */
export type CounterName = number & { readonly counterName: unique symbol };

/**
 * Where instrumented code says what it does. A recorder belongs to one track and one thread. Spans nest as calls do.
 * `nullRecorder` makes it free to leave in; code that must prepare something for a note asks `isRecording` first.
 */
export interface SpanRecorder {
  readonly isRecording: boolean;
  /** Interns a name. Costs a look-up: call it once, keep the result. */
  name(text: string, kind?: SpanKindName): SpanName;
  begin(name: SpanName): void;
  /** Ends the innermost open span. Throws when none is open: a begin without its end would shift all others. */
  end(): void;
  /** Ends the innermost open span and begins the next one beside it, at the same instant: one reading of the clock. */
  next(name: SpanName): void;
  /** Times `body` as one span, ended when it returns or throws. Synchronous bodies only. */
  span<T>(name: SpanName, body: () => T): T;
  /** As `span`, ended when the promise settles. No other span of this track may be open across its end. */
  spanAsync<T>(name: SpanName, body: () => Promise<T>): Promise<T>;
  /** An argument of the innermost open span: shown with it, written by exporters. */
  note(key: string, value: number | string): void;
  /** A span that somebody else timed (a device, a library's own profile), on this clock: ns since the run began. */
  add(name: SpanName, startNs: number, endNs: number): void;
  instant(name: SpanName): void;
  /** Interns a series; its track lies beside this one. */
  counter(text: string): CounterName;
  sample(counter: CounterName, value: number): void;
  /** ns since the run began; the same clock in all threads of a run. */
  nowNs(): number;
}

/** Records nothing; its calls are empty. */
export const nullRecorder: SpanRecorder = {
  isRecording: false,
  name: () => 0 as SpanName,
  begin: () => undefined,
  end: () => undefined,
  next: () => undefined,
  span: (_name, body) => body(),
  spanAsync: (_name, body) => body(),
  note: () => undefined,
  add: () => undefined,
  instant: () => undefined,
  counter: () => 0 as CounterName,
  sample: () => undefined,
  nowNs: () => 0,
};
