/*
 * Memory as regions that grow: each into a new place, mostly at the end, and what it leaves is used for others.
 */
import { WAITING_END } from "./layout";

// Regions that were left for larger ones: entries of 8 bytes (place, size).
const FREE: usize = (WAITING_END + 15) & ~15;
const MOST_FREE: i32 = 64;
let freeCount: i32 = 0;

let bump: usize = FREE + ((<usize>MOST_FREE) << 3);

/** Bytes that may be read behind a region of texts. */
export const BEYOND: usize = 16;

export function allocate(bytes: usize): usize {
  const size = (bytes + 15) & ~15;
  for (let i = 0; i < freeCount; i++) {
    const free = FREE + ((<usize>i) << 3);
    const room = <usize>load<u32>(free, 4);
    if (room < size) continue;
    const from = <usize>load<u32>(free);
    if (room > size) {
      store<u32>(free, <u32>(from + size));
      store<u32>(free, <u32>(room - size), 4);
    } else store<u64>(free, load<u64>(FREE + ((<usize>(--freeCount)) << 3)));
    return from;
  }
  const at = bump;
  // Not beyond the last address.
  if (size > <usize>0xffff0000 - at) return 0;
  bump = at + size;
  const pages = <i32>((bump + 0xffff) >> 16);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) {
    bump = at;
    return 0;
  }
  return at;
}

/** Lets a region of `bytes` be used for another; joined with the one behind or before it. */
export function release(from: usize, bytes: usize): void {
  let at = from;
  let size = (bytes + 15) & ~15;
  for (let i = 0; i < freeCount; i++) {
    const free = FREE + ((<usize>i) << 3);
    const start = <usize>load<u32>(free);
    const room = <usize>load<u32>(free, 4);
    if (start + room != at && at + size != start) continue;
    at = start < at ? start : at;
    size += room;
    store<u64>(free, load<u64>(FREE + ((<usize>(--freeCount)) << 3)));
    i = -1;
  }
  if (freeCount == MOST_FREE) return;
  const free = FREE + ((<usize>(freeCount++)) << 3);
  store<u32>(free, <u32>at);
  store<u32>(free, <u32>size, 4);
}

/**
 * By which power of two a region of `size` grows. Memory that nobody has written to yet is none, while what is copied is
 * written twice; only very large regions could take up all addresses.
 */
export function growthOf(size: usize): usize {
  return size < 1 << 28 ? 2 : 1;
}

/** Twice as much is the most that has an address. */
const MOST_ENLARGED: usize = 1 << 30;

/** A larger region that begins with what is at `from`, which is released; 0 when there is no memory. */
export function enlarge(from: usize, size: usize): usize {
  if (size > MOST_ENLARGED) return 0;
  const larger = allocate(size << growthOf(size));
  if (larger == 0) return 0;
  memory.copy(larger, from, size);
  release(from, size);
  return larger;
}

/** Memory that grew is zero, but a region may be one that was used before. */
export function allocateZeros(size: usize): usize {
  const used = bump;
  const at = allocate(size);
  if (at != 0 && at < used) memory.fill(at, 0, size);
  return at;
}

/** In place of `room`; 0 where that many bytes have no address. */
export function roomFor(room: usize, needed: usize): usize {
  if (room > MOST_ENLARGED) return 0;
  let more = room << growthOf(room);
  while (more < needed) more <<= 1;
  return more;
}

/** As `enlarge`, of a region that may be read `BEYOND` its room, of which `used` bytes count. */
export function enlargeTo(more: usize, from: usize, room: usize, used: usize): usize {
  if (more == 0) return 0;
  const larger = allocate(more + BEYOND);
  if (larger == 0) return 0;
  memory.copy(larger, from, used);
  release(from, room + BEYOND);
  return larger;
}
