import type { Column } from "./column.ts";

/** Ones of a 32-bit word. Hacker's Delight, 2nd ed., section 5-1. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Whether bit `index` is set, of words of 32 bits, the lowest first. */
export const isBitSet = (words: Column, index: number): boolean => ((words[index >>> 5] >>> (index & 31)) & 1) === 1;
