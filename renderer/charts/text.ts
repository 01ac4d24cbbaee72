/** As `truncateMiddle`, to a width: as many letters as `measure` finds room for; "" where not even two fit. */
export function fitMiddle(text: string, roomPx: number, measure: (text: string) => number): string {
  if (measure(text) <= roomPx) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const letters = (low + high + 1) >>> 1;
    if (measure(truncateMiddle(text, letters)) <= roomPx) low = letters;
    else high = letters - 1;
  }
  return low < 3 ? "" : truncateMiddle(text, low);
}

/** Shortens a name to `letters`, keeping both ends: the head says what it is, the end tells neighbors apart. */
export function truncateMiddle(text: string, letters: number): string {
  if (text.length <= letters) return text;
  if (letters < 2) return "…";
  const end = Math.floor((letters - 1) / 3);
  return `${text.slice(0, letters - 1 - end)}…${text.slice(text.length - end)}`;
}
