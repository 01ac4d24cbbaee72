/** What all names begin with is left out from this many letters on. */
const leastSharedLetters = 6;

/**
 * Names of files made short where they are alike: what all begin with, up to the end of a word, becomes an ellipsis;
 * equal names are numbered. The outcome is as long as the input, in its order, and holds no text twice.
 */
export function distinctNames(names: readonly string[]): readonly string[] {
  const shared = sharedBeginning([...new Set(names)]);
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const short = shared.length < leastSharedLetters ? name : `…${name.slice(shared.length)}`;
    return count === 1 ? short : `${short} (${count})`;
  });
}

/** Ends behind a sign between words, so that no word or number is cut in two. "" for less than two names. */
function sharedBeginning([first, ...others]: readonly string[]): string {
  if (first === undefined || others.length === 0) return "";
  let end = 0;
  while (end < first.length && others.every((other) => other[end] === first[end])) end++;
  while (end > 0 && !/[-_. :,/\\]/.test(first[end - 1] ?? "")) end--;
  return first.slice(0, end);
}
