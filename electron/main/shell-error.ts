import type { PlainError } from "../contract/plain-error.ts";

/** A failure that the window may show as it is: a full sentence without absolute paths. */
export class ShellError extends Error {
  override readonly name = "UserFacingError";
}

/** Anything but a ShellError is a bug: the window learns only that, the terminal gets the rest. */
export function toWindowError(error: unknown, action: string): PlainError {
  if (error instanceof ShellError) return { name: error.name, message: error.message };
  console.error(`${action} failed:`, error);
  return { name: "Error", message: `${action} failed in the shell; the terminal shows why` };
}

/** Words for a failed file operation, without the path that Node puts into its message. */
export function describeFileError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "the file does not exist";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOSPC":
      return "no space left on the device";
    case "EISDIR":
      return "it is a folder";
    case "EROFS":
      return "the file system is read-only";
    default:
      return code === "" ? "the file cannot be used" : `the system says ${code}`;
  }
}
