import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type InlineConfig } from "vite";
import { afterAll, beforeAll } from "vitest";
import { createBundleConfigs, repositoryFolder } from "../../../electron/scripts/bundles.mjs";

export interface Bundles {
  /** Laid out as `dist` of a build, with the manifest beside it. */
  readonly distFolder: string;
  readonly cli: string;
  readonly worker: string;
  readonly readWorker: string;
  readonly sealWorker: string;
  readonly segmentWorker: string;
  readonly engine: string;
  remove(): Promise<void>;
}

const wanted =
  /(?:cli[/\\]index|import-worker|read-worker|seal-worker|segment-worker|workload-worker|utility-host)\.ts$/;

/** The bundles for all tests of the calling file, made before the first of them and removed behind the last. */
export function useBundles(): () => Bundles {
  let bundles: Bundles | null = null;
  beforeAll(async () => {
    bundles = await buildBundles();
  }, 180_000);
  afterAll(() => bundles?.remove());
  return () => {
    if (bundles === null) throw new Error("expected to be asked for bundles within a test");
    return bundles;
  };
}

/**
 * Bundles of the engine, its workers and the command line, made by the settings of the real build. About a second.
 * Native modules are found from below the checkout only: `parent` is then a folder in it.
 */
export async function buildBundles(parent: string = tmpdir()): Promise<Bundles> {
  const folder = await mkdtemp(join(parent, "deltaflame-bundles-"));
  const distFolder = join(folder, "dist");
  const configs: readonly InlineConfig[] = await createBundleConfigs(distFolder);
  for (const config of configs) if (wanted.test(String(config.build?.ssr))) await build(config);
  await copyFile(join(repositoryFolder, "package.json"), join(folder, "package.json"));
  return {
    distFolder,
    cli: join(distFolder, "cli", "index.cjs"),
    worker: join(distFolder, "engine", "worker.cjs"),
    readWorker: join(distFolder, "engine", "read-worker.cjs"),
    sealWorker: join(distFolder, "engine", "seal-worker.cjs"),
    segmentWorker: join(distFolder, "engine", "segment-worker.cjs"),
    engine: join(distFolder, "engine", "index.cjs"),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
