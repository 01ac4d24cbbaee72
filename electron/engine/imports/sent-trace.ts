import type { Trace } from "../../../traces/model/trace.ts";
import type { ImportedTrace } from "./import-job.ts";

/** An imported trace on its way between threads: its texts joined, since a copy of each alone takes longer than all else. */
export interface SentTrace extends Omit<ImportedTrace, "trace"> {
  readonly trace: Omit<Trace, "strings">;
  readonly texts: readonly string[];
  /** UTF-16 units of each string, in the order in which `texts` holds them. */
  readonly lengths: Uint32Array;
}

/** Few enough for a text that is far from the longest possible, and that only its own characters make wide. */
const stringsPerText = 1 << 12;

/** To be sent; `receiveTrace` makes of it what it was. */
export function sendTrace({ trace, ...rest }: ImportedTrace): SentTrace {
  const { strings, ...withoutStrings } = trace;
  const texts: string[] = [];
  for (let first = 0; first < strings.length; first += stringsPerText)
    texts.push(strings.slice(first, first + stringsPerText).join(""));
  const lengths = new Uint32Array(strings.length);
  strings.forEach((text, i) => (lengths[i] = text.length));
  return { ...rest, trace: withoutStrings, texts, lengths };
}

export function receiveTrace({ trace, texts, lengths, ...rest }: SentTrace): ImportedTrace {
  const strings: string[] = [];
  for (const text of texts) {
    const end = Math.min(strings.length + stringsPerText, lengths.length);
    let at = 0;
    for (const length of lengths.subarray(strings.length, end)) {
      strings.push(text.slice(at, at + length));
      at += length;
    }
  }
  return { ...rest, trace: { ...trace, strings } };
}
