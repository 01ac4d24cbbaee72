/** What may come next. */
type Expected = "value" | "valueOrEnd" | "keyOrEnd" | "key" | "colon" | "commaOrEnd" | "nothing";

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
// oxlint-disable-next-line no-control-regex -- JSON has none of them in its strings
const string = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const blank = /[ \t\r\n]*/y;

/**
 * Position of the first character that breaks the rules of JSON, or the length of a text that only breaks off; engines
 * do not all tell it. Null for valid JSON.
 */
export function findJsonFault(text: string): number | null {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = skip(blank, text, 0);
  while (at < text.length) {
    const next = step(text, at, expected, open);
    if (next === null) return at;
    expected = next.expected;
    at = skip(blank, text, next.at);
  }
  return expected === "nothing" ? null : text.length;
}

interface Step {
  readonly at: number;
  readonly expected: Expected;
}

/** Reads one token; null when it is none that may stand here. */
// One branch per state.
// oxlint-disable-next-line complexity
function step(text: string, at: number, expected: Expected, open: ("{" | "[")[]): Step | null {
  const character = text[at];
  const afterValue = (): Expected => (open.length === 0 ? "nothing" : "commaOrEnd");
  if (character === "}" || character === "]") {
    const mayEnd = expected === "commaOrEnd" || expected === (character === "}" ? "keyOrEnd" : "valueOrEnd");
    if (!mayEnd || open.pop() !== (character === "}" ? "{" : "[")) return null;
    return { at: at + 1, expected: afterValue() };
  }
  switch (expected) {
    case "value":
    case "valueOrEnd": {
      if (character === "{" || character === "[") {
        open.push(character);
        return { at: at + 1, expected: character === "{" ? "keyOrEnd" : "valueOrEnd" };
      }
      const end = skip(character === '"' ? string : scalar, text, at);
      return end === at ? null : { at: end, expected: afterValue() };
    }
    case "key":
    case "keyOrEnd": {
      const end = skip(string, text, at);
      return end === at ? null : { at: end, expected: "colon" };
    }
    case "colon":
      return character === ":" ? { at: at + 1, expected: "value" } : null;
    case "commaOrEnd":
      return character === "," ? { at: at + 1, expected: open.at(-1) === "{" ? "key" : "value" } : null;
    case "nothing":
      return null;
  }
}

/** Where the pattern ends that begins at `at`; `at` when it does not. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
