import { writeSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Lists the skipped tests with their reasons and prints, alone and last, "N passed, N failed".
 * A file that did not load, a failed hook and an error outside of tests count as failures; so does a run without tests.
 */
export class ClosingLineReporter implements Reporter {
  #totals: Totals | null = null;

  onInit(): void {
    // At exit, because other reporters and teardowns print after the run has ended.
    process.once("exit", () => {
      const { passed, failed, skipped, skippedLines } = this.#totals ?? {
        passed: 0,
        failed: 1,
        skipped: 0,
        skippedLines: [],
      };
      for (const line of skippedLines) writeSync(1, `${line}\n`);
      const isBad = failed > 0 || passed + skipped === 0;
      if (isBad) process.exitCode = 1;
      writeSync(
        1,
        `\n${passed} passed, ${isBad ? Math.max(failed, 1) : 0} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
      );
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#totals = countResults(modules, unhandledErrors.length);
  }
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedLines: readonly string[];
}

function countResults(modules: readonly TestModule[], unhandledCount: number): Totals {
  let passed = 0;
  let failed = unhandledCount;
  const skippedLines: string[] = [];
  for (const module of modules) {
    if (module.errors().length > 0) failed += 1;
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") passed += 1;
      else if (state === "skipped")
        skippedLines.push(`skipped: ${module.relativeModuleId} > ${test.fullName}${describeReason(test)}`);
      // "pending" after the end of a run: the test never got to run.
      else failed += 1;
    }
  }
  return { passed, failed, skipped: skippedLines.length, skippedLines };
}

function describeReason(test: TestCase): string {
  const result = test.result();
  if (result.state === "skipped" && result.note !== undefined) return ` (${result.note})`;
  const setup = test.project.name === "e2e" ? test.project.getProvidedContext().windowSetup : undefined;
  const problem = setup?.problem ?? setup?.chromium.problem ?? null;
  return problem === null ? "" : ` (${problem})`;
}
