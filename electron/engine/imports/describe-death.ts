import { UserFacingError } from "../../../traces/model/errors.ts";
import { toPlainError } from "../../contract/plain-error.ts";

/** What to tell of a thread that ended before its import did. */
export function describeDeath(error: Error & { readonly code?: string }): UserFacingError {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return new UserFacingError("the import ended because it ran out of memory", { cause: error });
  return new UserFacingError(`the import ended unexpectedly (${toPlainError(error).message})`, { cause: error });
}
