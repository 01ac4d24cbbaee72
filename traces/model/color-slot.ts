/**
 * Color slot of a span of `kind` (a `SpanKind`, as columns hold it): 0 is empty, else 1 + kind · 16 + variant.
 * The variant (0–15) is a hash of the name, so that a name looks the same in every trace.
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

/** FNV-1a over the UTF-16 units, folded to 0–15. Offset basis and prime: Fowler–Noll–Vo, 32 bit. */
export function nameVariant(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 15;
}
