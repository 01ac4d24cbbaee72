import { UserFacingError } from "../../../traces/model/errors.ts";
import type { Trace } from "../../../traces/model/trace.ts";

/** Throws for an id that is no span of this snapshot: one of a newer or older one, or a made-up one. */
export function checkSpan(trace: Trace, span: number): void {
  if (span >= trace.spans.length) throw new UserFacingError(`this trace has no span ${span}`);
}

export function checkInstant(trace: Trace, instant: number): void {
  if (instant >= trace.instants.length) throw new UserFacingError(`this trace has no instant ${instant}`);
}
