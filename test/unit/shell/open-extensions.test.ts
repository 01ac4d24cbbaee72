import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openExtensions } from "../../../electron/main/open-extensions.ts";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { importers } from "../../../traces/importers/registry.ts";
import { parseYaml } from "../../../traces/io/yaml.ts";

/** Endings that belong to other programs, or to no format alone: dialogs list them, systems need not ask us. */
const shared: ReadonlySet<string> = new Set("json gz zip csv txt trace pb db sqlite3 prof collapsed".split(" "));

test("the open dialog knows the endings of every format", () => {
  // Of compound ones dialogs see the last word.
  const endings = new Set(
    importers.flatMap(({ extensions }) => extensions.map((each) => each.split(".").at(-1) ?? "")),
  );
  expect([...endings].filter((ending) => !openExtensions.includes(ending))).toEqual([]);
  expect(openExtensions.filter((ending) => !endings.has(ending))).toEqual([]);
});

test("systems are told of every ending that is a format's own", () => {
  const builder = parseYaml(readFileSync(join(repositoryFolder, "electron-builder.yml"), "utf8")) as {
    readonly fileAssociations: readonly { readonly ext: string }[];
  };
  const associated = builder.fileAssociations.map(({ ext }) => ext).toSorted();
  expect(associated).toEqual(openExtensions.filter((ending) => !shared.has(ending)).toSorted());
});
