import { expect, it } from "vitest";
import { breakingPoint } from "../../../traces/model/ledger.ts";
import { importContent } from "../importers/import-text.ts";

it("says where a file breaks off, and of a packed one that the place is in the unpacked text", async () => {
  const text = '[{"ph":"X","ts":1,"dur":1,"name":"a"},{"ph":"X"';
  const { ledger } = (await importContent(text)).meta;
  expect(breakingPoint(ledger, text.length)).toBe(`byte ${text.length}`);
  expect(breakingPoint(ledger, 20)).toBe(`byte ${text.length} of the unpacked text`);
  const note = { level: "warning", code: "gzipTruncated", message: "", count: 1, firstBytes: [] } as const;
  expect(breakingPoint({ ...ledger, notes: [note] }, 1000)).toBe(`byte ${text.length} of the unpacked text`);
  expect(breakingPoint((await importContent("[]")).meta.ledger, 2)).toBeNull();
});
