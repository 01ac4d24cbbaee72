/*
 * Places in memory that several parts of the scanner, and its host (event-batches.ts, row-placer.ts), know. Bytes.
 */

// Control words, read by the host after each batch (event-batches.ts).
export const COUNT: usize = 0;
export const STATUS: usize = 4;
export const AFTER_COMMA: usize = 8;

// Control words of `place`, see there. Read and written by the host (row-placer.ts).
export const BASE_MICROS: usize = 16; // f64, as the next three
export const LAST_NANOS: usize = 24;
export const LAST_REMAINDER: usize = 32;
export const FILE_OFFSET: usize = 40;
export const SPANS: usize = 48;
export const MOST_SPANS: usize = 52;
export const ARROWS: usize = 56;
export const HOST_LINKS: usize = 60;
export const DEVICE_LINKS: usize = 64;
export const INVERSIONS: usize = 68;
export const ZERO_DURATIONS: usize = 72;
export const TELLS_INVERSIONS: usize = 76;
export const TELLS_ZERO_DURATIONS: usize = 80;

/** The event at hand, as a record. */
export const EVENT: usize = 512;

// A record: 136 bytes.
export const RECORDS: usize = 1024;
export const RECORD_BYTES: usize = 136;
/** Events of a batch, records and rows together. */
export const MAX_EVENTS: i32 = 4096;
export const START: usize = 0;
export const PHASE: usize = 4; // then scope, bind, empty: bytes
export const SCOPE: usize = 5;
export const BIND: usize = 6;
export const EMPTY: usize = 7;
export const NAME: usize = 8;
export const CATEGORY: usize = 12;
export const LINK: usize = 16;
export const LINK_START: usize = 20;
export const LINK_END: usize = 24;
export const ARGS_START: usize = 28;
export const ARGS_END: usize = 32;
export const ID2_START: usize = 36;
export const ID2_END: usize = 40;
export const TIME_STATES: usize = 44; // ts, dur: bytes
export const IDENTITY_STATES: usize = 46; // pid, tid, id, scope: bytes
export const TIMES: usize = 56; // 2 × (µs, ns, remainder): f64
export const IDENTITIES: usize = 104; // 4 × f64

// Columns of one value for each event of a batch (event-rows.ts); of an event with a record only the type counts.
export const COLUMNS: usize = RECORDS + RECORD_BYTES * <usize>MAX_EVENTS;
export const ROW_MICROS: usize = COLUMNS; // f64, as all times: whole microseconds, and nanoseconds
export const ROW_VALUE: usize = ROW_MICROS + 8 * <usize>MAX_EVENTS; // f64: microseconds of the duration, or the arrow's id
export const ROW_NANOS: usize = ROW_VALUE + 8 * <usize>MAX_EVENTS;
export const ROW_VALUE_NANOS: usize = ROW_NANOS + 4 * <usize>MAX_EVENTS;
export const ROW_START: usize = ROW_VALUE_NANOS + 4 * <usize>MAX_EVENTS;
export const ROW_LINK: usize = ROW_START + 4 * <usize>MAX_EVENTS;
export const ROW_THREAD: usize = ROW_LINK + 4 * <usize>MAX_EVENTS;
export const ROW_PAIR: usize = ROW_THREAD + 4 * <usize>MAX_EVENTS;
export const ROW_TYPE: usize = ROW_PAIR + 4 * <usize>MAX_EVENTS; // bytes
export const COLUMNS_END: usize = ROW_TYPE + <usize>MAX_EVENTS;

// Types of rows; 0: the event has a record.
export const TYPE_SPAN: u8 = 1;
export const TYPE_FLOW_START: u8 = 2;
export const TYPE_FLOW_STEP: u8 = 3;
export const TYPE_FLOW_END: u8 = 4;
export const TYPE_FLOW_END_ENCLOSED: u8 = 5;

// What `place` makes of rows, side by side (SpanBatch and FlowEndBatch of the builder), and correlation ids by their side.
export const SPAN_START: usize = COLUMNS_END; // f64, as the next four
export const SPAN_DURATION: usize = SPAN_START + 8 * <usize>MAX_EVENTS;
export const SPAN_OFFSET: usize = SPAN_DURATION + 8 * <usize>MAX_EVENTS;
export const ARROW_KEY: usize = SPAN_OFFSET + 8 * <usize>MAX_EVENTS;
export const ARROW_TIME: usize = ARROW_KEY + 8 * <usize>MAX_EVENTS;
export const SPAN_TRACK: usize = ARROW_TIME + 8 * <usize>MAX_EVENTS;
export const SPAN_NAME: usize = SPAN_TRACK + 4 * <usize>MAX_EVENTS;
export const SPAN_LINK: usize = SPAN_NAME + 4 * <usize>MAX_EVENTS;
export const ARROW_TRACK: usize = SPAN_LINK + 4 * <usize>MAX_EVENTS;
export const ARROW_NAME: usize = ARROW_TRACK + 4 * <usize>MAX_EVENTS;
export const HOST_LINK: usize = ARROW_NAME + 4 * <usize>MAX_EVENTS;
export const DEVICE_LINK: usize = HOST_LINK + 4 * <usize>MAX_EVENTS;
export const SPAN_CATEGORY: usize = DEVICE_LINK + 4 * <usize>MAX_EVENTS; // u16
export const SPAN_KIND: usize = SPAN_CATEGORY + 2 * <usize>MAX_EVENTS; // bytes
export const ARROW_ROLE: usize = SPAN_KIND + <usize>MAX_EVENTS;
export const ARROW_BIND: usize = ARROW_ROLE + <usize>MAX_EVENTS;
export const PLACED_END: usize = ARROW_BIND + <usize>MAX_EVENTS;

// Events whose names and categories are not numbered yet (texts.as).
export const GROUP_EVENTS: i32 = 64;
export const WAIT_BYTES: usize = 24;
export const WAITING: usize = PLACED_END;
export const WAITING_END: usize = WAITING + WAIT_BYTES * <usize>GROUP_EVENTS;

// States of times and identities, as in event-fields.ts; ODD sends the host to the twin, the value is its position.
export const NUMBER: u8 = 1;
export const ODD: u8 = 255;
