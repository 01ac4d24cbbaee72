import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserFacingError } from "../../traces/model/errors.ts";

/** What profilers of JAX and TensorFlow write, one a host; names decide, since other files lie beside them. */
const profileFile = /\.xplane\.pb(?:\.gz)?$/i;

/**
 * Paths of the profile files of one run in a folder, in the order of their names: of the folder itself
 * (`plugins/profile/<run>`), or of the only run below it (a log folder, `plugins/profile`). Throws UserFacingError when
 * there are none, or several runs.
 */
export function listProfileFiles(folder: string): readonly string[] {
  const own = filesOf(folder);
  if (own.length > 0) return own;
  const runs = ["plugins/profile", "profile", "."].flatMap((below) => runsOf(join(folder, below)));
  const [run] = runs;
  if (run === undefined)
    throw new UserFacingError("is a folder, not a trace file, and holds no profile (no name ends with .xplane.pb)");
  if (runs.length > 1) {
    const names = runs.map(({ name }) => name).join(", ");
    throw new UserFacingError(`is a folder with ${runs.length} profile runs (${names}): open one of them`);
  }
  return run.files;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => profileFile.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

function runsOf(folder: string): { readonly name: string; readonly files: readonly string[] }[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, files: filesOf(join(folder, name)) }))
    .filter(({ files }) => files.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
