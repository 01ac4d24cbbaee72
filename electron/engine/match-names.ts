import { createContext, Script } from "node:vm";

import { UserFacingError } from "../../traces/model/errors.ts";

const limitMs = 250;
const mostTries = 5;

/**
 * Matches names against an expression of the user and ends one that takes too long: it may backtrack for ever on one
 * name, and only the host of a script can end it. The limit is one of wall time, which a busy machine spends elsewhere,
 * so that the expression is given up when the same name outlasts it twice, or after five limits.
 */
export function matchNamesInTime(pattern: RegExp, names: readonly string[]): Uint8Array {
  const matches = new Uint8Array(names.length);
  const progress = { next: 0 };
  const sandbox = createContext({ pattern, names, matches, progress });
  const script = new Script(matchAll);
  for (let tries = 1; ; tries++) {
    const from = progress.next;
    try {
      script.runInContext(sandbox, { timeout: limitMs });
      return matches;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const isStuck = tries > 1 && progress.next === from;
      if (isStuck || tries === mostTries)
        throw new UserFacingError("The expression takes too long on the names of this trace; make it simpler.");
    }
  }
}

/** Not an Error of this realm: the script has its own. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

/** In a function of its own: names of the sandbox itself are looked up slowly. */
const matchAll = `((pattern, names, matches, progress) => {
  for (; progress.next < names.length; progress.next++) matches[progress.next] = pattern.test(names[progress.next]) ? 1 : 0;
})(pattern, names, matches, progress)`;
