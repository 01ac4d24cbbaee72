const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of the bytes between two quotes of a JSON file, escapes resolved. Never fails: see `unescapeJson`. */
export function decodeJsonString(bytes: Uint8Array, escaped: boolean): string {
  const text = decoder.decode(bytes);
  return escaped ? unescapeJson(text) : text;
}

/** Text of bytes, invalid ones as U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
  ["/", "/"],
  ["\\", "\\"],
  ['"', '"'],
]);

/** Resolves JSON escapes; a backslash that starts none stays (Windows paths that nobody escaped). */
export function unescapeJson(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[^u]|u)/gs, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return simpleEscapes.get(code) ?? whole;
  });
}
