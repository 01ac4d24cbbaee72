/** Letters of scripts that run from right to left, and marks that turn the direction of a text. */
const turning =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const firstStrongIsolate = "\u2068";
const popIsolate = "\u2069";

/** Whether a name may change the order of the text around it: such a name is never cut into pieces side by side. */
export function isTurning(name: string): boolean {
  return turning.test(name);
}

/**
 * A name as it stands in a text or on a canvas: in its own direction, the text around it in its. Elements have `<bdi>`
 * for that. Other names stay the same string.
 */
export function isolate(name: string): string {
  return isTurning(name) ? `${firstStrongIsolate}${name}${popIsolate}` : name;
}

/** "outer › inner", in this order whatever the names are. */
export function joinPath(path: readonly string[]): string {
  return path.map(isolate).join(" › ");
}
