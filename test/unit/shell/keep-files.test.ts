import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { keepFiles } from "../../../electron/main/keep-files.ts";

test("keeps regular files and passes over what no file system accepts", () => {
  const error = vi.spyOn(console, "error").mockReturnValue(undefined);
  const file = fileURLToPath(import.meta.url);
  expect(keepFiles([file, `${file}/inside`, "/", "/no/such/file", "/nul\0byte", `/${"x".repeat(5000)}`])).toEqual([
    file,
  ]);
  expect(error).toHaveBeenCalledTimes(5);
  error.mockRestore();
});
