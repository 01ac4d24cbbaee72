import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Carries the number of its process, so that a later one knows whether somebody still needs it. */
const namePattern = /^deltaflame-run-(\d+)-/u;

/**
 * An empty folder for what a run leaves on disk meanwhile; whoever made it removes it. A process or thread that is
 * ended by force cannot, so the folders of processes that are gone are removed here.
 */
export async function createScratchFolder(parent = tmpdir()): Promise<string> {
  await removeForsaken(parent);
  return await mkdtemp(join(parent, `deltaflame-run-${process.pid}-`));
}

async function removeForsaken(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = namePattern.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      await rm(join(parent, name), { recursive: true, force: true });
    } catch (error) {
      // That of another user.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be asked, but is there.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
