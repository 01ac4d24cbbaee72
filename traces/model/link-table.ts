import { bitCount, isBitSet } from "./bits.ts";
import type { Allocate, Column } from "./column.ts";

/**
 * Correlation ids of the spans that have one, launch ↔ kernel. Most spans have none, so a bit tells who has, and the ids
 * lie side by side.
 */
export interface LinkTable {
  /** uint32, a bit a span: 32 to a word, the lowest first. */
  readonly bits: Column;
  /** Ids of the spans before each 512. */
  readonly before: Column;
  /** uint32, not 0, in the order of their spans. */
  readonly id: Column;
}

const wordsPerCount = 16;

/** Correlation id of a span; 0 for none. */
export function linkOf({ links }: { readonly links?: LinkTable }, span: number): number {
  if (links === undefined || !isBitSet(links.bits, span)) return 0;
  return links.id[placeOfLink(links, span)];
}

/** Place in `id` of the first link of a span at or behind one; `id.length` for none. */
export function placeOfLink({ bits, before, id }: LinkTable, span: number): number {
  const word = span >>> 5;
  if (word >= bits.length) return id.length;
  const block = Math.floor(word / wordsPerCount);
  let place = before[block] + bitCount(bits[word] & ((1 << (span & 31)) - 1));
  for (let at = block * wordsPerCount; at < word; at++) place += bitCount(bits[at]);
  return place;
}

/** Linked spans with a place in `id` from `begin` to below `end`, ascending. */
export function spansOfLinks({ bits, before }: LinkTable, begin: number, end: number): Uint32Array {
  const spans = new Uint32Array(Math.max(0, end - begin));
  // The last count that is not above `begin`.
  let block = 0;
  for (let high = before.length; high - block > 1;) {
    const middle = (block + high) >>> 1;
    if (before[middle] <= begin) block = middle;
    else high = middle;
  }
  let place = before[block];
  for (let word = block * wordsPerCount; place < end; word++) {
    for (let rest = bits[word]; rest !== 0 && place < end; rest &= rest - 1, place++)
      if (place >= begin) spans[place - begin] = word * 32 + 31 - Math.clz32(rest & -rest);
  }
  return spans;
}

/** Words and counts for as many spans. */
export function lengthsOfLinks(spanCount: number): { readonly bits: number; readonly before: number } {
  const bits = Math.ceil(spanCount / 32);
  return { bits, before: Math.ceil(bits / wordsPerCount) };
}

/** `link`: an id for each span, 0 for none. */
export function packLinks(link: Column, length: number, allocate: Allocate): LinkTable {
  const lengths = lengthsOfLinks(length);
  const bits = new Uint32Array(allocate(lengths.bits * 4));
  const before = new Uint32Array(allocate(lengths.before * 4));
  let count = 0;
  for (let word = 0; word < bits.length; word++) {
    if (word % wordsPerCount === 0) before[word / wordsPerCount] = count;
    const first = word * 32;
    const end = Math.min(first + 32, length);
    let set = 0;
    for (let span = first, bit = 1; span < end; span++, bit <<= 1) set |= link[span] === 0 ? 0 : bit;
    bits[word] = set;
    count += bitCount(set);
  }
  const id = new Uint32Array(allocate(count * 4));
  let place = 0;
  for (let word = 0; word < bits.length; word++)
    for (let rest = bits[word]; rest !== 0; rest &= rest - 1)
      id[place++] = link[word * 32 + 31 - Math.clz32(rest & -rest)];
  return { bits, before, id };
}

/** Whether the parts fit together, for as many spans. */
export function isLinkTable({ bits, before, id }: LinkTable, length: number): boolean {
  const lengths = lengthsOfLinks(length);
  if (bits.length !== lengths.bits || before.length !== lengths.before) return false;
  let count = 0;
  for (let word = 0; word < bits.length; word++) {
    if (word % wordsPerCount === 0 && before[word / wordsPerCount] !== count) return false;
    count += bitCount(bits[word]);
  }
  const beyond = length % 32 === 0 ? 0 : bits[bits.length - 1] >>> (length % 32);
  return beyond === 0 && count === id.length;
}
