const quote = 0x22;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Members that stand first in events, with their quotes. */
const firstKeys = ["ph", "name", "cat", "pid", "tid", "ts", "args", "id"].map((key) =>
  new TextEncoder().encode(`"${key}"`),
);

/**
 * Where the first event in [from, to) of `bytes` seems to begin; null where none does. A guess, since a text or an
 * argument may look like an event: it is right if whoever reads from an event before it comes to an end there. The same
 * for the same bytes, whatever stands around them.
 */
export function findEventStart(bytes: Uint8Array, from: number, to: number): number | null {
  for (let p = bytes.indexOf(closeBrace, from); p >= 0 && p < to; p = bytes.indexOf(closeBrace, p + 1)) {
    const start = behindSeparator(bytes, p + 1, to);
    if (start < to && bytes[start] === openBrace && beginsEvent(bytes, behindSpace(bytes, start + 1, to), to))
      return start;
  }
  return null;
}

/** Between two events stands a comma, or only space where each has a line. */
function behindSeparator(bytes: Uint8Array, p: number, to: number): number {
  const at = behindSpace(bytes, p, to);
  return at < to && bytes[at] === comma ? behindSpace(bytes, at + 1, to) : at;
}

function behindSpace(bytes: Uint8Array, p: number, to: number): number {
  while (p < to && bytes[p] <= 0x20) p++;
  return p;
}

function beginsEvent(bytes: Uint8Array, p: number, to: number): boolean {
  if (bytes[p] !== quote) return false;
  return firstKeys.some((key) => p + key.length <= to && key.every((byte, i) => bytes[p + i] === byte));
}
