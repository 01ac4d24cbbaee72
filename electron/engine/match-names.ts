import { createContext, Script } from "node:vm";

import { UserFacingError } from "../../traces/model/errors.ts";

const limitMs = 250;

/**
 * Matches names against an expression of the user and stops after 250 ms: an expression may backtrack for ever on one
 * name, and only the host of a script can end it.
 */
export function matchNamesInTime(pattern: RegExp, names: readonly string[]): Uint8Array {
  const matches = new Uint8Array(names.length);
  const sandbox = createContext({ pattern, names, matches });
  try {
    new Script(matchAll).runInContext(sandbox, { timeout: limitMs });
  } catch (error) {
    // Not an Error of this realm: the script has its own.
    if (
      typeof error === "object" &&
      error !== null &&
      "code" in error &&
      error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
    ) {
      throw new UserFacingError("The expression takes too long on the names of this trace; make it simpler.");
    }
    throw error;
  }
  return matches;
}

/** In a function of its own: names of the sandbox itself are looked up slowly. */
const matchAll = `((pattern, names, matches) => {
  for (let i = 0; i < names.length; i++) matches[i] = pattern.test(names[i]) ? 1 : 0;
})(pattern, names, matches)`;
