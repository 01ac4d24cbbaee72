import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { CounterFields } from "./descriptors.ts";
import type { Sequence } from "./sequences.ts";
import type { TrackEventFields } from "./track-event.ts";
import type { Tracks, TrackState } from "./tracks.ts";

type Id = number | bigint;

/** A counter that no descriptor describes. */
const plainCounter: CounterFields = { type: 0, unit: null, unitMultiplier: 1, isIncremental: false };

/** Counter values of track events. */
export class Counters {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;

  constructor(builder: TraceBuilder, tracks: Tracks) {
    this.#builder = builder;
    this.#tracks = tracks;
  }

  /** The value of a counter event. */
  addEvent(
    { counterValue }: TrackEventFields,
    sequence: Sequence,
    state: TrackState,
    timeNs: number,
    offset: number,
  ): void {
    if (counterValue === null) {
      this.#builder.ledger.dropped("counterWithoutValue", "counter events without a value", offset);
      return;
    }
    this.#builder.ledger.counterEvent();
    this.#add(sequence, state, timeNs, counterValue);
  }

  /** Values that an event of any type brings along; `state`: its track. */
  addExtra(fields: TrackEventFields, sequence: Sequence, state: TrackState, timeNs: number): void {
    const { extraValues, extraDoubleValues } = fields;
    if (extraValues.length > 0)
      this.#addList(fields.extraTracks ?? sequence.defaultExtraTracks, extraValues, sequence, timeNs);
    if (extraDoubleValues.length > 0)
      this.#addList(fields.extraDoubleTracks ?? sequence.defaultExtraDoubleTracks, extraDoubleValues, sequence, timeNs);
    this.#addThreadTime(fields, sequence, state, timeNs);
    this.#addInstructions(fields, sequence, state, timeNs);
  }

  #addList(tracks: readonly Id[], values: readonly number[], sequence: Sequence, timeNs: number): void {
    for (const [index, value] of values.entries()) {
      if (index < tracks.length) this.#add(sequence, this.#tracks.byUuid(tracks[index]), timeNs, value);
      else this.#builder.ledger.note("counterValues", "counter values without a track", -1);
    }
  }

  #addThreadTime(fields: TrackEventFields, sequence: Sequence, state: TrackState, timeNs: number): void {
    const { threadTimeAbsoluteUs, threadTimeDeltaUs } = fields;
    if (threadTimeDeltaUs !== null) sequence.threadTimeUs += Number(threadTimeDeltaUs);
    const us = threadTimeAbsoluteUs ?? (threadTimeDeltaUs === null ? null : sequence.threadTimeUs);
    if (us !== null) this.#addOfThread("thread_time", state, timeNs, Number(us) * 1000);
  }

  #addInstructions(fields: TrackEventFields, sequence: Sequence, state: TrackState, timeNs: number): void {
    const { instructionsAbsolute, instructionsDelta } = fields;
    if (instructionsDelta !== null) sequence.instructions += Number(instructionsDelta);
    const count = instructionsAbsolute ?? (instructionsDelta === null ? null : sequence.instructions);
    if (count !== null) this.#addOfThread("thread_instruction_count", state, timeNs, Number(count));
  }

  #addOfThread(name: string, thread: TrackState, timeNs: number, value: number): void {
    const state = this.#tracks.named(`${name} of ${thread.key}`, () => ({ name, parent: thread }));
    state.counter ??= plainCounter;
    this.#builder.addSample(this.#tracks.trackOf(state), timeNs, value);
  }

  #add(sequence: Sequence, state: TrackState, timeNs: number, value: number): void {
    const { isIncremental, unitMultiplier } = (state.counter ??= plainCounter);
    let absolute = value;
    if (isIncremental) {
      const key = state.key as Id;
      absolute += sequence.counterValues.get(key) ?? 0;
      sequence.counterValues.set(key, absolute);
    }
    this.#builder.addSample(this.#tracks.trackOf(state), timeNs, absolute * unitMultiplier);
  }
}
