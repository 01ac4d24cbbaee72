import { readFile, stat } from "node:fs/promises";
import * as v from "valibot";

import type { SampleFile } from "../contract/window-contract.ts";
import { distPath, unpackedDistPath } from "./app-folders.ts";
import { ShellError } from "./shell-error.ts";

const listSchema = v.array(
  v.object({
    id: v.string(),
    file: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
    name: v.string(),
    description: v.string(),
    pair: v.optional(v.string()),
  }),
);

/** The traces that come with the app, as `samples.json` lists them. */
export async function listSamples(): Promise<readonly SampleFile[]> {
  const entries = await readList();
  return Promise.all(
    entries.map(async ({ id, file, name, description, pair = null }) => {
      const { size } = await stat(unpackedDistPath("samples", file));
      return { id, name, description, bytes: size, pair };
    }),
  );
}

/** Throws ShellError for an id that no sample has. */
export async function samplePath(id: string): Promise<string> {
  const entry = (await readList()).find((sample) => sample.id === id);
  if (entry === undefined) throw new ShellError(`There is no sample "${id}"`);
  return unpackedDistPath("samples", entry.file);
}

/** The id of a bundled sample by where it lies; null for any other path. */
export async function sampleIdOf(path: string): Promise<string | null> {
  return (await readList()).find(({ file }) => unpackedDistPath("samples", file) === path)?.id ?? null;
}

async function readList(): Promise<v.InferOutput<typeof listSchema>> {
  return v.parse(listSchema, JSON.parse(await readFile(distPath("samples", "samples.json"), "utf8")));
}
