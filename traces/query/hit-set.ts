import { bitCount, isBitSet } from "../model/bits.ts";
import type { Trace } from "../model/trace.ts";

/** A set of spans: one bit each, with counts every 1,024 bits so that ranks cost a few words. */
export interface HitSet {
  readonly count: number;
  add(span: number): void;
  /** Counts the hits. Nothing may be added after; ranks are right only then. */
  close(): void;
  has(span: number): boolean;
  /** Hits with an id below `span`. */
  rank(span: number): number;
  /** First hit in [span, end), or -1. */
  nextFrom(span: number, end: number): number;
  /** Last hit in [first, span), or -1. */
  previousBefore(span: number, first: number): number;
}

const wordsPerCount = 32;

export function createHitSet({ spans }: Pick<Trace, "spans">): HitSet {
  const words = new Uint32Array(Math.ceil(spans.length / 32) + 1);
  const counts = new Uint32Array(Math.ceil(words.length / wordsPerCount) + 1);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(span) {
      words[span >>> 5] |= 1 << (span & 31);
    },
    close() {
      count = 0;
      for (let word = 0; word < words.length; word++) {
        if (word % wordsPerCount === 0) counts[word / wordsPerCount] = count;
        count += bitCount(words[word]);
      }
    },
    has: (span) => isBitSet(words, span),
    rank(span) {
      const word = span >>> 5;
      const block = Math.floor(word / wordsPerCount);
      let rank = counts[block];
      for (let at = block * wordsPerCount; at < word; at++) rank += bitCount(words[at]);
      return rank + bitCount(words[word] & ((1 << (span & 31)) - 1));
    },
    nextFrom(span, end) {
      if (span >= end) return -1;
      let word = span >>> 5;
      let bits = words[word] & (-1 << (span & 31));
      while (bits === 0) {
        word++;
        if (word * 32 >= end) return -1;
        bits = words[word];
      }
      const found = word * 32 + 31 - Math.clz32(bits & -bits);
      return found < end ? found : -1;
    },
    previousBefore(span, first) {
      if (span <= first) return -1;
      let word = (span - 1) >>> 5;
      let bits = words[word] & (-1 >>> (31 - ((span - 1) & 31)));
      while (bits === 0) {
        word--;
        if (word < first >>> 5) return -1;
        bits = words[word];
      }
      const found = word * 32 + 31 - Math.clz32(bits);
      return found >= first ? found : -1;
    },
  };
}
