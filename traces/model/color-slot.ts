/**
 * Color slot of a span of `kind` (a `SpanKind`, as columns hold it): 0 is empty, else 1 + kind · 16 + variant.
 * The variant (0–15) is a hash of the name, so that a name looks the same in every trace; in pictures that are asked
 * for it, the self share.
 * The window maps slots to colors; the engine knows no color.
 */
export function toSlot(kind: number, variant: number): number {
  return 1 + kind * variantCount + variant;
}

export const variantCount = 16;
/** Slots are below this. */
export const slotCount = 256;

export const kindOfSlot = (slot: number): number => (slot - 1) >> 4;
export const variantOfSlot = (slot: number): number => (slot - 1) & 15;

/**
 * Variant of a slot for self ÷ duration: v stands for [v/16, (v + 1)/16), the last one for 1 too. A span without
 * length has no child that could take a part of it: all of it is its own.
 */
export function shareVariant(selfNs: number, durationNs: number): number {
  if (durationNs <= 0) return variantCount - 1;
  return Math.min(variantCount - 1, Math.max(0, Math.floor((selfNs / durationNs) * variantCount)));
}

/** FNV-1a over the UTF-16 units, folded to 0–15. Offset basis and prime: Fowler–Noll–Vo, 32 bit. */
export function nameVariant(name: string): number {
  let hash = offsetBasis;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), prime);
  return fold(hash);
}

/** As `nameVariant`, of bytes [start, end) of which each is a character; null where one is not. */
export function plainVariant(bytes: Uint8Array, start: number, end: number): number | null {
  let hash = offsetBasis;
  for (let p = start; p < end; p++) {
    if (bytes[p] >= 0x80) return null;
    hash = Math.imul(hash ^ bytes[p], prime);
  }
  return fold(hash);
}

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;
const fold = (hash: number): number => (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 15;
