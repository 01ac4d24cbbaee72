import { cutTexts, textsOf, type TextTable } from "../model/text-table.ts";

/** Writes `otherwise` into `states` at all texts of [first, end) that do not match. */
export type MarkOthers = (first: number, end: number, states: Uint8Array, otherwise: number) => void;

/**
 * Matches texts that contain a part, in lower case, as the texts are then, too. Looks at bytes: a text is made only where it
 * holds characters beyond ASCII, of which some have letters of ASCII as their lower case.
 */
export function createTextMatch(table: TextTable, part: string): MarkOthers {
  const values = Uint8Array.from(part, (character) => character.charCodeAt(0));
  // With this bit a letter equals its lower case; the other characters are themselves.
  const bits = values.map((value) => (value >= 0x61 && value <= 0x7a ? 0x20 : 0));
  // What is beyond ASCII is in no text that is not.
  const isPlain = isAscii(part);
  return (first, end, states, otherwise) => {
    const { bytes, ends } = table;
    const { length } = values;
    const [value] = values;
    const [bit] = bits;
    let start = first === 0 ? 0 : ends[first - 1];
    if (length === 0) return;
    for (let id = first; id < end; start = ends[id++]) {
      if (states[id] === otherwise) continue;
      const textEnd = ends[id];
      const last = isPlain ? textEnd - length : -1;
      let isFound = false;
      let seen = 0;
      let p = start;
      for (; p <= last; p++) {
        const byte = bytes[p];
        if ((byte | bit) === value) {
          let i = 1;
          while (i < length && (bytes[p + i] | bits[i]) === values[i]) i++;
          if (i >= length) {
            isFound = true;
            break;
          }
        }
        seen |= byte;
      }
      if (isFound) continue;
      for (; p < textEnd; p++) seen |= bytes[p];
      if (
        seen < 0x80 ||
        !textsOf(table, id, id + 1)[0]
          .toLowerCase()
          .includes(part)
      )
        states[id] = otherwise;
    }
  };
}

const textsPerSlice = 1 << 13;
const bytesPerSlice = 1 << 18;

/** End of the texts from `first` on that are matched between two pauses. */
export function endOfSlice(table: TextTable, first: number): number {
  return cutTexts(table, first, textsPerSlice, bytesPerSlice);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}
