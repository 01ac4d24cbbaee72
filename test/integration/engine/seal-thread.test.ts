import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import type { ImportedTrace } from "../../../electron/engine/imports/import-job.ts";
import { type SealThread, startSealThread } from "../../../electron/engine/imports/seal-thread.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import { digestTrace } from "../../fixtures/digest-trace.ts";
import { corporaRoot, hasCorpora } from "../corpora/corpora.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { useBundles } from "./built-bundles.ts";
import { importPath } from "./import-here.ts";

const bundles = useBundles();

/** Without further threads for null. */
async function importSealed(
  path: string,
  start: (() => SealThread | null) | null,
  throwIfCancelled = (): void => undefined,
): Promise<ImportedTrace> {
  return await importPath(path, { throwIfCancelled, ...(start !== null && { sealThread: { fromSpans: 0, start } }) });
}

const samplesFolder = join(repositoryFolder, "traces/samples");
const samples = readdirSync(samplesFolder)
  .filter((name) => /trace\.json|run\.json|counters\.json/.test(name))
  .map((name) => join(samplesFolder, name));
const corpora = hasCorpora
  ? ["kineto", "chrome", "jaxjson", "perfetto", "xplane"].flatMap((folder) =>
      readdirSync(join(corporaRoot, "files", folder)).map((name) => join(corporaRoot, "files", folder, name)),
    )
  : [];

describe("a second thread that helps to seal", () => {
  it.each([...samples, ...corpora])("comes to the same as one thread: %s", { timeout: 30_000 }, async (path) => {
    const alone = await importSealed(path, null).catch((error: unknown) => error);
    let started = 0;
    const together = await importSealed(path, () => {
      started++;
      return startSealThread(bundles().sealWorker);
    }).catch((error: unknown) => error);
    if (alone instanceof Error) {
      expect(together).toEqual(alone);
      return;
    }
    expect(digestTrace((together as ImportedTrace).trace)).toBe(digestTrace((alone as ImportedTrace).trace));
    expect(started).toBe(1);
  });

  it.each([
    ["throw new Error('kaputt')", "the import ended unexpectedly (kaputt)"],
    ["process.exit(3)", "the import ended unexpectedly (exit code 3)"],
    [
      "throw Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })",
      "the import ended because it ran out of memory",
    ],
    ["throw new RangeError('Array buffer allocation failed')", "needs more memory than there is"],
  ])("ends the import when it dies: %s", async (statement, message) => {
    const dying = join(await createTemporaryFolder(), "dying.cjs");
    await writeFile(dying, `require("node:worker_threads").parentPort.on("message", () => { ${statement}; });`);
    const failed = importSealed(samples[0], () => startSealThread(dying));
    await expect(failed).rejects.toBeInstanceOf(UserFacingError);
    await expect(failed).rejects.toThrow(message);
  });

  it.each(["throw new Error('kaputt')", "syntax error"])(
    "is done without when it was gone before anything was asked of it: %s",
    async (content) => {
      const dead = join(await createTemporaryFolder(), "dead.cjs");
      await writeFile(dead, content);
      const thread = startSealThread(dead);
      await vi.waitFor(() => expect(thread?.isGone).toBe(true));
      const alone = await importSealed(samples[0], null);
      expect(digestTrace((await importSealed(samples[0], () => thread)).trace)).toBe(digestTrace(alone.trace));
      expect(digestTrace((await importSealed(samples[0], () => null)).trace)).toBe(digestTrace(alone.trace));
    },
  );

  it("ends with a cancelled import, whatever it does", async () => {
    const busy = join(await createTemporaryFolder(), "busy.cjs");
    await writeFile(busy, `require("node:worker_threads").parentPort.on("message", () => { for (;;); });`);
    let cancelled = false;
    let closed = 0;
    const start = (): SealThread | null => {
      const thread = startSealThread(busy);
      if (thread === null) return null;
      return {
        isGone: false,
        placeColumns(input) {
          cancelled = true;
          return thread.placeColumns(input);
        },
        fillDetail: (work) => thread.fillDetail(work),
        close() {
          closed++;
          thread.close();
        },
      };
    };
    const throwIfCancelled = (): void => {
      if (cancelled) throw new CancelledError();
    };
    await expect(importSealed(samples[0], start, throwIfCancelled)).rejects.toBeInstanceOf(CancelledError);
    expect(closed).toBe(1);
  });
});
