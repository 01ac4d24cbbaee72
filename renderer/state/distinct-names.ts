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

/**
 * Names of runs, "#1 student: fast, batch 1", with their number, which no two share, and without the words that all
 * have behind it: "#1 batch 1". The last word stays, also where all have it.
 */
export function shortRunNames(names: readonly string[]): readonly string[] {
  const words = names.map((name) => name.replace(runNumber, "").split(/(?<=[:,]) /));
  const most = Math.min(...words.map(({ length }) => length)) - 1;
  let shared = 0;
  while (names.length > 1 && shared < most && words.every((own) => own[shared] === words[0]?.[shared])) shared++;
  return names.map((name, index) => `${runNumber.exec(name)?.[0] ?? ""}${words[index]?.slice(shared).join(" ") ?? ""}`);
}

const runNumber = /^#\d+ /;

/** Ends behind a sign between words, so that no word or number is cut in two. "" for less than two names. */
function sharedBeginning([first, ...others]: readonly string[]): string {
  if (first === undefined || others.length === 0) return "";
  let end = 0;
  while (end < first.length && others.every((other) => other[end] === first[end])) end++;
  while (end > 0 && !/[-_. :,/\\]/.test(first[end - 1] ?? "")) end--;
  return first.slice(0, end);
}
