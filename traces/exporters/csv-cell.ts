/** What starts a formula in a spreadsheet, in ASCII and in full width, also behind blanks. */
const formulaStart = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * A text as a cell of a table (RFC 4180: commas, CRLF, quotes doubled); one that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function toCell(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
