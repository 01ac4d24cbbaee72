import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { createLoaderArchive } from "../../electron-runtime/loader-archive.mjs";

test("frames the loader as Electron reads an asar archive", () => {
  const archive = createLoaderArchive();
  const headerBytes = archive.readUInt32LE(12);
  const bodyStart = 8 + archive.readUInt32LE(4);
  expect(archive.readUInt32LE(0)).toBe(4);
  expect(archive.readUInt32LE(8)).toBe(archive.readUInt32LE(4) - 4);
  expect(bodyStart % 4).toBe(0);
  const header = JSON.parse(archive.toString("utf8", 16, 16 + headerBytes)) as {
    readonly files: Record<string, { readonly size: number; readonly offset: string }>;
  };
  const read = (name: string): string => {
    const { size, offset } = header.files[name] ?? { size: 0, offset: "0" };
    const start = bodyStart + Number(offset);
    return archive.toString("utf8", start, start + size);
  };
  expect(JSON.parse(read("package.json"))).toMatchObject({ main: "index.js" });
  expect(read("index.js")).toBe(readFileSync(new URL("../../electron-runtime/loader.cjs", import.meta.url), "utf8"));
  expect(archive).toHaveLength(bodyStart + Object.values(header.files).reduce((sum, { size }) => sum + size, 0));
});
