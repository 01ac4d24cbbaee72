import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import type { RunNoise } from "../../traces/compare/run-noise.ts";

/** Programs that are remembered; the oldest go first. */
const mostWorkloads = 500;

const stored = v.array(v.strictObject({ workload: v.string(), spread: v.number(), runs: v.number() }));

/** How far runs of one program lie apart, kept on this machine so that two single captures can be judged by it. */
export interface NoiseStore {
  read(): Promise<readonly RunNoise[]>;
  /** Of each workload the largest spread seen counts. */
  add(found: readonly RunNoise[]): Promise<void>;
}

export function createNoiseStore(path: string): NoiseStore {
  const read = async (): Promise<readonly RunNoise[]> => {
    // A file that is not there, or was damaged, holds nothing that could not be measured again.
    const text = await readFile(path, "utf8").catch(() => "[]");
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), stored), text);
    return result.success ? result.output : [];
  };
  return {
    read,
    async add(found) {
      if (found.length === 0) return;
      const byWorkload = new Map((await read()).map((noise) => [noise.workload, noise]));
      for (const noise of found) {
        const known = byWorkload.get(noise.workload);
        byWorkload.delete(noise.workload);
        byWorkload.set(noise.workload, known !== undefined && known.spread > noise.spread ? known : noise);
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify([...byWorkload.values()].slice(-mostWorkloads)));
    },
  };
}
