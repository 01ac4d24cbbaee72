/** Control characters, and marks that turn the direction of text around: names come from files, the terminal obeys them. */
const unprintable = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Text of unknown origin as one line that changes nothing but the line it stands in. */
export function toOneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").replace(unprintable, "\uFFFD");
}

/** Cuts in the middle: beginnings tell what it is, ends tell which one. */
export function shorten(text: string, columns: number): string {
  if (text.length <= columns || columns < 5) return text;
  const head = Math.ceil((columns - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (columns - 1 - head))}`;
}
