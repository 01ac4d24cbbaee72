/** Whether a member of an event was there and could be read. */
export const FieldState = { absent: 0, number: 1, text: 2, bad: 3, outOfRange: 4 } as const;
export type FieldState = (typeof FieldState)[keyof typeof FieldState];

/** Positions of the two times in `EventFields.times` and `timeStates`. */
export const TimeSlot = { ts: 0, dur: 1 } as const;
/** Positions of the identities in `EventFields.identities` and `identityStates`. */
export const IdentitySlot = { pid: 0, tid: 1, id: 2, scope: 3 } as const;

/** Texts as identities lie below this; integers above: no real pid or tid is so small. */
export const textIdentityBase: number = -(2 ** 52);

/**
 * What the scanner found in one event. One object for all events of a file, overwritten by the next.
 * Ranges are positions in the scanner's buffer, valid until the sink returns; start 0, end 0 when absent.
 */
export class EventFields {
  /** First byte of `ph`; 0 when there is none. */
  phase = 0;
  /** First byte of the instant scope `s`; 0 when there is none. */
  instantScope = 0;
  /** `bp` is "e": a flow end binds to the span around it. */
  bindEnclosing = false;
  /** Number of the name as the interner gave it; -1 when there is none. */
  name = -1;
  /** Number of the category; -1 when there is none. */
  category = -1;
  /** Correlation id from the arguments, below 2^31; 0 for none. */
  link = 0;
  /** Range of a correlation id that is no such number. */
  linkStart = 0;
  linkEnd = 0;
  /** Range of the value of `args`. */
  argsStart = 0;
  argsEnd = 0;
  /** Range of the value of `id2`. */
  id2Start = 0;
  id2End = 0;
  /** Position of the opening brace in the file. */
  offset = 0;
  /** No member at all: `{}`. */
  empty = true;
  /** Per time: whole µs, ns, remainder (see decimal.ts). */
  readonly times: Float64Array = new Float64Array(6);
  readonly timeStates: Uint8Array = new Uint8Array(2);
  /** An integer, or textIdentityBase - n for the n-th text. */
  readonly identities: Float64Array = new Float64Array(4);
  readonly identityStates: Uint8Array = new Uint8Array(4);

  clear(offset: number): void {
    this.phase = 0;
    this.instantScope = 0;
    this.bindEnclosing = false;
    this.name = -1;
    this.category = -1;
    this.link = 0;
    this.linkStart = 0;
    this.linkEnd = 0;
    this.argsStart = 0;
    this.argsEnd = 0;
    this.id2Start = 0;
    this.id2End = 0;
    this.offset = offset;
    this.empty = true;
    this.timeStates[0] = 0;
    this.timeStates[1] = 0;
    this.identityStates[0] = 0;
    this.identityStates[1] = 0;
    this.identityStates[2] = 0;
    this.identityStates[3] = 0;
  }
}

/** Whether the event has more arguments than `{}`. */
export function hasArguments({ argsStart, argsEnd }: EventFields): boolean {
  return argsEnd - argsStart > 2;
}
