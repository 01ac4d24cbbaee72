/*
 * Gives rows their meaning: columns of a batch → spans and ends of arrows as the builder takes them, with what the host
 * noted of their pairs and threads. Stops in front of every row that is not ordinary, or of which something has to be
 * told; the host (row-events.ts) reads that one by the same rules and goes on behind it.
 */
import {
  ARROW_BIND,
  ARROW_KEY,
  ARROW_NAME,
  ARROW_ROLE,
  ARROW_TIME,
  ARROW_TRACK,
  ARROWS,
  BASE_MICROS,
  DEVICE_LINK,
  DEVICE_LINKS,
  FILE_OFFSET,
  HOST_LINK,
  HOST_LINKS,
  INVERSIONS,
  LAST_NANOS,
  LAST_REMAINDER,
  MOST_SPANS,
  ROW_LINK,
  ROW_MICROS,
  ROW_NANOS,
  ROW_PAIR,
  ROW_START,
  ROW_THREAD,
  ROW_TYPE,
  ROW_VALUE,
  ROW_VALUE_NANOS,
  SPAN_CATEGORY,
  SPAN_DURATION,
  SPAN_KIND,
  SPAN_LINK,
  SPAN_NAME,
  SPAN_OFFSET,
  SPAN_START,
  SPAN_TRACK,
  SPANS,
  TELLS_INVERSIONS,
  TELLS_ZERO_DURATIONS,
  TYPE_FLOW_END,
  TYPE_FLOW_START,
  TYPE_SPAN,
  ZERO_DURATIONS,
} from "./layout";
import {
  NOT_KNOWN,
  PAIR_CATEGORY,
  PAIR_FAMILY,
  PAIR_KIND,
  PAIR_LIST,
  PAIR_NAME,
  PAIR_SIDE,
  pairAt,
  THREAD_SPANS,
  THREAD_TRACK,
  threadAt,
} from "./tables";

/** Largest microseconds and times that are exact, as in clock.ts and of the builder. */
const MAX_NANOS: f64 = 4503599627370496.0;
const MAX_MICROS: f64 = MAX_NANOS / 1000 - 1;
/** Arrows below this id are their own key within a family, as in flows.ts. */
const PLAIN_IDS: f64 = 4294967296.0;
const FAMILY_STEP: f64 = 8589934592.0;

// Lists of links.
const HOST_LIST: u8 = 1; // without 0
const DEVICE_LIST: u8 = 2;

// As in flow-ends.ts.
const ROLE_END: u8 = 2;
const BIND_ENCLOSING: i8 = -1;
const BIND_NEXT: i8 = -2;

/** Reads rows [from, to); returns where it stopped. */
export function place(from: i32, to: i32): i32 {
  const baseMicros = load<f64>(BASE_MICROS);
  const fileOffset = load<f64>(FILE_OFFSET);
  const mostSpans = load<i32>(MOST_SPANS);
  const tellsInversions = load<i32>(TELLS_INVERSIONS) != 0;
  const tellsZeroDurations = load<i32>(TELLS_ZERO_DURATIONS) != 0;
  let last = load<f64>(LAST_NANOS);
  let isBelowLast = load<f64>(LAST_REMAINDER) > 0; // a time equal to the last one lies before it
  let spans = load<i32>(SPANS);
  let arrows = load<i32>(ARROWS);
  let hostLinks: i32 = 0;
  let deviceLinks: i32 = 0;
  let inversions: i32 = 0;
  let zeroDurations: i32 = 0;
  let i = from;
  for (; i < to; i++) {
    const four = (<usize>i) << 2;
    const eight = (<usize>i) << 3;
    const pair = pairAt(load<i32>(ROW_PAIR + four));
    const thread = threadAt(load<i32>(ROW_THREAD + four));
    const name = load<i32>(pair, PAIR_NAME);
    const track = load<i32>(thread, THREAD_TRACK);
    const micros = load<f64>(ROW_MICROS + eight) - baseMicros;
    if (name < 0 || track < 0 || !(abs(micros) <= MAX_MICROS)) break;
    const start = micros * 1000 + <f64>load<i32>(ROW_NANOS + four) + 0;
    const wentBack = start < last || (start == last && isBelowLast);
    if ((wentBack && tellsInversions) || abs(start) > MAX_NANOS) break;
    const value = load<f64>(ROW_VALUE + eight);
    const type = load<u8>(ROW_TYPE + <usize>i);
    if (type == TYPE_SPAN) {
      const kind = load<u8>(pair, PAIR_KIND);
      if (kind == NOT_KNOWN || spans >= mostSpans || !(abs(value) <= MAX_MICROS)) break;
      const end = start + (value * 1000 + <f64>load<i32>(ROW_VALUE_NANOS + four));
      const duration = end - start;
      if (!(duration >= 0 && duration <= MAX_NANOS && end <= MAX_NANOS) || (duration == 0 && tellsZeroDurations)) break;
      if (duration == 0) zeroDurations++;
      const link = load<u32>(ROW_LINK + four);
      const list = load<u8>(pair, PAIR_LIST);
      if (list == HOST_LIST) {
        if (link != 0) store<u32>(HOST_LINK + ((<usize>(hostLinks++)) << 2), link);
      } else if (list == DEVICE_LIST) store<u32>(DEVICE_LINK + ((<usize>(deviceLinks++)) << 2), link);
      const ofSide = thread + ((<usize>load<u8>(pair, PAIR_SIDE)) << 2);
      store<u32>(ofSide, load<u32>(ofSide, THREAD_SPANS) + 1, THREAD_SPANS);
      const at = <usize>(spans++);
      store<f64>(SPAN_START + (at << 3), start);
      store<f64>(SPAN_DURATION + (at << 3), duration);
      store<f64>(SPAN_OFFSET + (at << 3), fileOffset + <f64>load<u32>(ROW_START + four));
      store<i32>(SPAN_TRACK + (at << 2), track);
      store<i32>(SPAN_NAME + (at << 2), name);
      store<u32>(SPAN_LINK + (at << 2), link);
      store<u16>(SPAN_CATEGORY + (at << 1), load<u16>(pair, PAIR_CATEGORY));
      store<u8>(SPAN_KIND + at, kind);
    } else {
      const family = load<i32>(pair, PAIR_FAMILY);
      if (family < 0 || !(value >= 0 && value < PLAIN_IDS)) break;
      const at = <usize>(arrows++);
      const role = type - TYPE_FLOW_START;
      store<f64>(ARROW_KEY + (at << 3), <f64>family * FAMILY_STEP + value);
      store<f64>(ARROW_TIME + (at << 3), start);
      store<i32>(ARROW_TRACK + (at << 2), track);
      store<i32>(ARROW_NAME + (at << 2), name);
      store<u8>(ARROW_ROLE + at, role > ROLE_END ? ROLE_END : role);
      store<i8>(ARROW_BIND + at, type == TYPE_FLOW_END ? BIND_NEXT : BIND_ENCLOSING);
    }
    if (wentBack) inversions++;
    last = start;
    isBelowLast = false;
  }
  store<f64>(LAST_NANOS, last);
  store<i32>(SPANS, spans);
  store<i32>(ARROWS, arrows);
  store<i32>(HOST_LINKS, hostLinks);
  store<i32>(DEVICE_LINKS, deviceLinks);
  store<i32>(INVERSIONS, inversions);
  store<i32>(ZERO_DURATIONS, zeroDurations);
  return i;
}
