import { SpanKind } from "../../model/span-kind.ts";
import { IdList } from "./growable.ts";
import { CategorySide } from "./kinds.ts";

/** Correlation ids that are no number below 2^31 are numbered from here. */
const oddLinkBase = 2 ** 31;

/** Correlation ids of a file: numbers the odd ones and counts device work whose launch is missing. */
export class LinkTable {
  readonly #odd = new Map<string, number>();
  readonly #hostLinks = new IdList();
  readonly #deviceLinks = new IdList();

  /** Number of a correlation id given as JSON text; cannot collide with a plain one. 0 for null, 0 and "". */
  odd(text: string): number {
    const bare = text.replace(/^"(.*)"$/s, "$1");
    if (bare === "" || bare === "null" || bare === "0") return 0;
    if (/^[1-9]\d{0,9}$/.test(bare) && Number(bare) < oddLinkBase) return Number(bare);
    let number = this.#odd.get(bare);
    if (number === undefined) {
      number = oddLinkBase + this.#odd.size;
      this.#odd.set(bare, number);
    }
    return number;
  }

  see(side: CategorySide, link: number, kind: SpanKind): void {
    if (side === CategorySide.host) {
      if (link !== 0) this.#hostLinks.push(link);
    } else if (side === CategorySide.device && kind !== SpanKind.phase) this.#deviceLinks.push(link);
  }

  /** As `see`, for links of host and device spans that were told apart before. */
  seeAll(hostLinks: Uint32Array, deviceLinks: Uint32Array): void {
    this.#hostLinks.append(hostLinks);
    this.#deviceLinks.append(deviceLinks);
  }

  countDeviceWithoutHost(): number {
    const isHost = membership(this.#hostLinks.blocks());
    let count = 0;
    for (const block of this.#deviceLinks.blocks()) {
      for (let i = 0; i < block.length; i++) if (block[i] === 0 || !isHost(block[i])) count++;
    }
    return count;
  }
}

/** Largest span of values that is worth a bit each. */
const maxBits = 2 ** 26;

/** Whether a value is in one of `blocks`: by a bit each where they lie close together, as correlation ids do. */
function membership(blocks: readonly Uint32Array[]): (value: number) => boolean {
  let low = Infinity;
  let high = -Infinity;
  for (const block of blocks) {
    for (let i = 0; i < block.length; i++) {
      if (block[i] < low) low = block[i];
      if (block[i] > high) high = block[i];
    }
  }
  if (!(high - low < maxBits)) {
    const set = new Set<number>();
    for (const block of blocks) for (const value of block) set.add(value);
    return (value) => set.has(value);
  }
  const bits = new Uint32Array(((high - low) >>> 5) + 1);
  for (const block of blocks)
    for (let i = 0; i < block.length; i++) bits[(block[i] - low) >>> 5] |= 1 << ((block[i] - low) & 31);
  return (value) => value >= low && value <= high && (bits[(value - low) >>> 5] & (1 << ((value - low) & 31))) !== 0;
}
