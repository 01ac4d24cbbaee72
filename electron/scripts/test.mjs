import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { findNodeProblem } from "./node-version.mjs";

const problem = findNodeProblem();
if (problem === null) {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const child = spawn(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
    stdio: "inherit",
    cwd: join(vitest, "../../.."),
  });
  child.on("close", (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  console.error(problem);
  process.exitCode = 1;
}
