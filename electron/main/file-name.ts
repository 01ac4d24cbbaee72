const reservedName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
// oxlint-disable-next-line no-control-regex -- control characters are what Windows refuses in names
const refusedChars = /[<>:"/\\|?*\u0000-\u001f]/g;
const longestNameChars = 200;

/** A name without folders that every system accepts. */
export function toFileName(suggested: string): string {
  const last = suggested.split(/[\\/]/).at(-1) ?? "";
  const plain = last
    .replace(refusedChars, "_")
    .replace(/^\.+|[. ]+$/g, "")
    .slice(0, longestNameChars);
  if (plain === "") return "untitled";
  return reservedName.test(plain) ? `_${plain}` : plain;
}
