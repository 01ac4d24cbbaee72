import { qualifiedName, shortName } from "./short-name.ts";

/** A piece of a name; where the room is short, pieces that are not kept lose letters. */
export interface NamePiece {
  readonly text: string;
  /** It tells the name from another one of the list. */
  readonly isKept: boolean;
}

/** Of one of the names that stand below one another. */
export type PiecesOf = (name: string) => readonly NamePiece[];

/** Gaps of fewer letters save nothing. */
const leastGap = 4;

interface Branches {
  readonly next: Map<string, Branches>;
  isEnd: boolean;
}

/**
 * Pieces of each of `names`, for one line where they stand below one another: short names where no two of them are
 * alike, else with their namespaces, else whole. Kept is each word at which names part that begin alike, so that what is left of two names
 * differs as long as the kept pieces fit. A name that is not in the list is one piece that is not kept.
 */
export function tellApart(names: Iterable<string>): PiecesOf {
  const shown = shownNames(new Set(names));
  const root = branchesOf(shown.values());
  const pieces = new Map<string, readonly NamePiece[]>();
  return (name) => {
    const text = shown.get(name);
    if (text === undefined) return [{ text: shortName(name), isKept: false }];
    const known = pieces.get(name) ?? piecesOf(text, root);
    pieces.set(name, known);
    return known;
  };
}

/** The shortest form of each that no other has. */
function shownNames(names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  for (const formOf of [shortName, qualifiedName]) {
    const count = new Map<string, number>();
    for (const name of names) count.set(formOf(name), (count.get(formOf(name)) ?? 0) + 1);
    for (const name of names) if (!shown.has(name) && count.get(formOf(name)) === 1) shown.set(name, formOf(name));
  }
  for (const name of names) if (!shown.has(name)) shown.set(name, name);
  return shown;
}

const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\d]+|[^\p{L}\d]/gu) ?? [];
const isWord = (text: string): boolean => /^[\p{L}\d]/u.test(text);

function branchesOf(texts: Iterable<string>): Branches {
  const root: Branches = { next: new Map(), isEnd: false };
  for (const text of texts) {
    let at = root;
    for (const word of wordsOf(text)) {
      const next = at.next.get(word) ?? { next: new Map(), isEnd: false };
      at.next.set(word, next);
      at = next;
    }
    at.isEnd = true;
  }
  return root;
}

function piecesOf(text: string, root: Branches): readonly NamePiece[] {
  const pieces: NamePiece[] = [];
  let at: Branches | undefined = root;
  // A sign alone says little: the word behind it stays with it.
  let wantsWord = false;
  for (const word of wordsOf(text)) {
    const isParting: boolean = at !== undefined && at.next.size + (at.isEnd ? 1 : 0) > 1;
    const isKept: boolean = isParting || wantsWord;
    wantsWord = isKept && !isWord(word);
    append(pieces, { text: word, isKept });
    at = at?.next.get(word);
  }
  return joinSmall(pieces);
}

function append(pieces: NamePiece[], piece: NamePiece): void {
  const last = pieces.at(-1);
  if (last?.isKept === piece.isKept) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text };
  else pieces.push(piece);
}

function joinSmall(pieces: readonly NamePiece[]): readonly NamePiece[] {
  const joined: NamePiece[] = [];
  for (const { text, isKept } of pieces) append(joined, { text, isKept: isKept || text.length < leastGap });
  return joined;
}
