import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Carries who made it, so that a later process knows whether somebody still needs it. */
const namePattern = /^deltaflame-run-(\w+)-(\d+)-(\d+)-/u;

/** An empty folder for what a run leaves on disk meanwhile; whoever made it removes it. */
export async function createScratchFolder(parent = tmpdir()): Promise<string> {
  const { pid } = process;
  return await mkdtemp(join(parent, `deltaflame-run-${await findNamespace()}-${pid}-${await findStart(pid)}-`));
}

/**
 * Removes the scratch folders of processes that are gone: a process or thread that is ended by force cannot do so
 * itself. Those of other containers stay, whose processes cannot be seen from here.
 */
export async function removeForsakenFolders(parent = tmpdir()): Promise<void> {
  const namespace = await findNamespace();
  for (const name of await readdir(parent)) {
    const [, owner, pid, start] = namePattern.exec(name) ?? [];
    if (owner !== namespace || (await findStart(Number(pid))) === start) continue;
    try {
      await rm(join(parent, name), { recursive: true, force: true });
    } catch (error) {
      // That of another user.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }
}

/** Whose processes have numbers in common: on Linux a container has its own. */
async function findNamespace(): Promise<string> {
  if (process.platform !== "linux") return "system";
  return (await readlink("/proc/self/ns/pid")).replace(/\W+/gu, "");
}

/** When a process began, on Linux in ticks since the start of the system (proc(5), field 22); null where none runs. */
async function findStart(pid: number): Promise<string | null> {
  if (process.platform !== "linux") return isRunning(pid) ? "0" : null;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // Fields from the third on stand behind the name, which may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be asked, but is there.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
