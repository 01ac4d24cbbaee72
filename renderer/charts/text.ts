/** Shortens a name to `letters`, keeping both ends: the head says what it is, the end tells neighbors apart. */
export function truncateMiddle(text: string, letters: number): string {
  if (text.length <= letters) return text;
  if (letters < 2) return "…";
  const end = Math.floor((letters - 1) / 3);
  return `${text.slice(0, letters - 1 - end)}…${text.slice(text.length - end)}`;
}
