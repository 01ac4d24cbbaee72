/** Longer names are machine-made; nobody reads them, and taking them apart takes time. */
const longestParsed = 4_000;

/**
 * The name of a C++ function or kernel for the eye: without return type, namespaces and parameters, which say nothing
 * that name and template arguments do not. "void at::native::k<at::Add<float>, 4>(int, float*)" → "k<Add<float>, 4>".
 * So does the function in front of what it is called for. Other names, and what is not understood, stay as they are. Two names may become one; see `tellApart`.
 */
export function shortName(name: string): string {
  return isSignature(name) ? shortEntity(entityOf(name)) || name : name.replace(calledNamespaces, "");
}

/** "autograd::engine::" of "autograd::engine::evaluate_function: MulBackward0". */
const calledNamespaces = /^(?:\w+::)+(?=\w+: \S)/;

/** The same with its namespaces: "at::native::k<at::Add<float>, 4>". */
export function qualifiedName(name: string): string {
  return isSignature(name) ? shortPart(entityOf(name), (argument) => argument.trim()) || name : name;
}

/** Without what stands before the name, and behind its parameters. */
function entityOf(name: string): string {
  const whole = name.replace(/\)(?: const)?(?: \[clone [^\]]*\])?$/, ")");
  return whole.slice(lastOf(whole, " ") + 1);
}

/** "ns::name<…>", "ns::name(…)", nothing that only looks like it: operators of PyTorch, Python frames, HLO. */
function isSignature(name: string): boolean {
  if (name.length > longestParsed || !/::|</.test(name)) return false;
  if (!/^[\w:~<>,&* ()[\]{}#'.$…-]+$/.test(name) || /operator ?[<>=-]|->|<=|>=|<<|: |^[<(]/.test(name)) return false;
  return isBalanced(name) && /[\w>}')][(<]/.test(name);
}

const closers: Readonly<Record<string, string>> = { "<": ">", "(": ")", "{": "}", "[": "]" };

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const character of text) {
    const closer = closers[character];
    if (closer !== undefined) open.push(closer);
    else if (/[>)}\]]/.test(character) && open.pop() !== character) return false;
  }
  return open.length === 0;
}

/** Pieces of a balanced text between the separators that stand in no bracket. */
function splitOutside(text: string, separator: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (closers[character] !== undefined) depth++;
    else if (/[>)}\]]/.test(character)) depth--;
    else if (depth === 0 && text.startsWith(separator, at)) {
      pieces.push(text.slice(from, at));
      from = at + separator.length;
      at = from - 1;
    }
  }
  return [...pieces, text.slice(from)];
}

/** Where the last of a sign outside of brackets stands; −1 where none does. */
function lastOf(text: string, sign: string): number {
  const last = splitOutside(text, sign).at(-1) ?? "";
  return text.length - last.length - 1;
}

/** One type, value or function: from the first part on that has template arguments, or the last that has a name. */
function shortEntity(text: string): string {
  const parts = splitOutside(text.trim(), "::");
  const named = parts.findLastIndex((part) => /^[\w~ ]/.test(part) && !/^operator\b/.test(part));
  const templated = parts.findIndex((part) => part.includes("<") && /^[\w~]/.test(part));
  const from = templated < 0 ? named : Math.min(templated, named);
  return parts
    .slice(Math.max(0, from))
    .map((part) => shortPart(part, shortEntity))
    .join("::");
}

/** Parameters left out, and each template argument as `argumentOf` has it. */
function shortPart(part: string, argumentOf: (argument: string) => string): string {
  let text = "";
  for (let at = 0; at < part.length; at++) {
    const opener = part[at] ?? "";
    const closer = closers[opener];
    if (closer === undefined) {
      text += opener;
      continue;
    }
    const end = closingAt(part, at);
    const inside = part.slice(at + 1, end);
    if (opener === "<") text += `<${splitOutside(inside, ",").map(argumentOf).join(", ")}>`;
    else if (opener === "{") text += `{${shortPart(inside, argumentOf)}}`;
    else if (opener === "[") text += `[${inside}]`;
    // The call operator is called "()"; a cast and a pointer to a function stand behind no name.
    else if (text.endsWith("operator") || !/[\w>}'\])]$/.test(text)) text += `(${inside})`;
    at = end;
  }
  return text.replace(/(operator\(\)) const$/, "$1");
}

function closingAt(text: string, openAt: number): number {
  let depth = 0;
  for (let at = openAt; at < text.length; at++) {
    if (closers[text[at] ?? ""] !== undefined) depth++;
    else if (/[>)}\]]/.test(text[at] ?? "") && --depth === 0) return at;
  }
  return text.length;
}
