import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("counts passed, failed and skipped tests and gives reasons", () => {
  const { lines, code } = runTests({
    "a.test.ts": `
      import { expect, test } from "vitest";
      test("good", () => {});
      test("bad", () => expect(1).toBe(2));
      test("left out", (context) => context.skip("no such machine"));`,
  });
  expect(lines.at(-1)).toBe("1 passed, 1 failed, 1 skipped");
  expect(lines.find((line) => line.startsWith("skipped: "))).toContain("left out (no such machine)");
  expect(code).toBe(1);
});

test("is green only when all is well", () => {
  const { lines, code } = runTests({ "a.test.ts": `import { test } from "vitest"; test("good", () => {});` });
  expect(lines.at(-1)).toBe("1 passed, 0 failed");
  expect(code).toBe(0);
});

test.each([
  ["a file that does not load", `import "./nothing.ts";`],
  [
    "a hook that fails",
    `import { beforeAll, test, describe } from "vitest"; describe("s", () => { beforeAll(() => { throw new Error("x"); }); test("t", () => {}); });`,
  ],
  [
    "an error outside of tests",
    `import { test } from "vitest"; test("t", async () => { void Promise.reject(new Error("x")); await new Promise((r) => setTimeout(r, 20)); });`,
  ],
])("counts %s as a failure", (_what, source) => {
  const { lines, code } = runTests({ "a.test.ts": source });
  expect(lines.at(-1)).toMatch(/^\d passed, 1 failed(?:, 1 skipped)?$/);
  expect(code).toBe(1);
});

test("takes a run without tests for a failure", () => {
  const { lines, code } = runTests({});
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
  expect(code).toBe(1);
});

test("takes a failed global setup for a failure", () => {
  const setup = "export default () => { throw new Error('no display'); };";
  const { lines, code } = runTests(
    { "setup.ts": setup, "a.test.ts": `import { test } from "vitest"; test("good", () => {});` },
    `globalSetup: ["setup.ts"],`,
  );
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
  expect(code).toBe(1);
});

function runTests(
  files: Readonly<Record<string, string>>,
  moreConfig = "",
): { readonly lines: readonly string[]; readonly code: number | null } {
  // Inside the repository, so that the files find vitest.
  const folder = mkdtempSync(join(repository, "node_modules", ".closing-line-"));
  folders.push(folder);
  const reporter = join(repository, "test/harness/closing-line-reporter.ts");
  const config = `import { ClosingLineReporter } from ${JSON.stringify(reporter)};
    export default { test: { include: ["*.test.ts"], exclude: [], ${moreConfig} reporters: ["default", new ClosingLineReporter()] } };`;
  for (const [name, text] of Object.entries({ ...files, "vitest.config.ts": config }))
    writeFileSync(join(folder, name), text);
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  const { NODE_ENV: _nodeEnv, VITEST: _vitest, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, [vitest, "run", "--root", folder], {
    encoding: "utf8",
    env: { ...env, CI: "" },
  });
  return { lines: stdout.trimEnd().split("\n"), code: status };
}
