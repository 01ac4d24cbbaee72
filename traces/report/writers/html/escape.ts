/** Characters that XML 1.0 forbids, and marks that turn the direction of text around. */
const unprintable = /[\p{Cc}\p{Cs}\uFFFE\uFFFF\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of unknown origin as content or quoted attribute of HTML and XML. */
export function escapeText(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, " ")
    .replace(unprintable, "\uFFFD")
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Coordinates and sizes: two decimals, no exponent, no "-0". */
export function formatCoordinate(value: number): string {
  const text = value.toFixed(2).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
