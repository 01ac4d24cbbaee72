/*
 * Numbers the names and categories of events, a group of events at a time and in the order of the file. In a table of
 * many texts every look waits for memory: there a group looks at all its slots first, so that it waits once.
 */
import { CATEGORY, GROUP_EVENTS, NAME, ROW_PAIR, WAIT_BYTES, WAITING } from "./layout";
import { hashOf, hasManySlots, intern, internEscaped, outOfMemory, pairOf, slotOf } from "./tables";

// Of a text that waits: where it starts (0: there is none), its length and whether it is escaped.
const LENGTH: usize = 4;
const ESCAPED: u32 = 0x80000000;
// Of an event that waits: the texts of name and category, its record (0: it is a row), its position in the buffer.
const OF_CATEGORY: usize = 8;
const RECORD: usize = 16;
const POSITION: usize = 20;

let waiting: i32 = 0;
let next: usize = WAITING;
export let firstWithout: usize = 0;
/** What was looked at has to go somewhere, or the compiler leaves it out. */
let seen: i32 = 0;

/** The next event waits, without texts so far. */
@inline
export function beginTexts(): void {
  store<u32>(next, 0);
  store<u32>(next, 0, OF_CATEGORY);
}

@inline
export function setName(start: usize, end: usize, escaped: bool): void {
  setText(next, start, end, escaped);
}

@inline
export function setCategory(start: usize, end: usize, escaped: bool): void {
  setText(next + OF_CATEGORY, start, end, escaped);
}

@inline
export function clearCategory(): void {
  store<u32>(next, 0, OF_CATEGORY);
}

@inline
export function hasName(): bool {
  return load<u32>(next) != 0;
}

@inline
function setText(at: usize, start: usize, end: usize, escaped: bool): void {
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>(end - start) | (escaped ? ESCAPED : 0), LENGTH);
}

/** The event is whole; true when the group is full. */
@inline
export function endTexts(record: usize, position: usize): bool {
  store<u32>(next, <u32>record, RECORD);
  store<u32>(next, <u32>position, POSITION);
  next += WAIT_BYTES;
  return ++waiting == GROUP_EVENTS;
}

/**
 * Numbers the texts of the group, whose first event is row `first`; returns of how many events. Where that is not all,
 * memory ended, and `firstWithout` is the position of the first of the others.
 */
export function numberTexts(first: i32): i32 {
  const end = next;
  const count = waiting;
  next = WAITING;
  waiting = 0;
  if (hasManySlots())
    for (let at = WAITING; at < end; at += WAIT_BYTES) {
      look(at);
      look(at + OF_CATEGORY);
    }
  let row = ROW_PAIR + ((<usize>first) << 2);
  for (let i = 0, at = WAITING; i < count; i++, at += WAIT_BYTES, row += 4) {
    firstWithout = load<u32>(at, POSITION);
    const nameFirst = load<u32>(at) < load<u32>(at, OF_CATEGORY);
    let name = nameFirst ? number(at) : -1;
    const category = number(at + OF_CATEGORY);
    if (!nameFirst) name = number(at);
    const record = load<u32>(at, RECORD);
    if (record == 0) store<i32>(row, pairOf(name, category));
    else {
      store<i32>(record, name, NAME);
      store<i32>(record, category, CATEGORY);
    }
    if (outOfMemory) return i;
  }
  return count;
}

@inline
function look(at: usize): void {
  const start = load<u32>(at);
  if (start == 0) return;
  seen += load<i32>(slotOf(hashOf(start, load<u32>(at, LENGTH) & ~ESCAPED)));
}

/** -1 for none. */
@inline
function number(at: usize): i32 {
  const start = load<u32>(at);
  if (start == 0) return -1;
  const length = load<u32>(at, LENGTH);
  return length & ESCAPED ? internEscaped(start, length & ~ESCAPED) : intern(start, length);
}
