/** Items within this part of each other count as of one size. */
const sameSize = 0.05;

/** A batch of other items is another work. Sizes that are not known are taken to be equal. */
export function areSameItems(size: number | null, other: number | null): boolean {
  if (size === null || other === null) return true;
  return Math.abs(size - other) <= sameSize * Math.max(size, other);
}
