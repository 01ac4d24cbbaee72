import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

import { ClosingLineReporter } from "./test/harness/closing-line-reporter.ts";

const windowTimeoutMs = 60_000;

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.{ts,tsx}", "test/integration/**/*.test.{ts,tsx}"],
          environment: "node",
          // Far above what any test needs on a machine of its own: a limit for hangs, not a measure of speed.
          testTimeout: 90_000,
          // By default there is one worker fewer than cores: on two cores one of them waits.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          globalSetup: ["test/harness/window-setup.ts"],
          // One window at a time: they share a display, and the machine may have two cores.
          fileParallelism: false,
          testTimeout: windowTimeoutMs,
          hookTimeout: windowTimeoutMs,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
