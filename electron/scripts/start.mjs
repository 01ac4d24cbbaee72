import { findNodeProblem } from "./node-version.mjs";

const problem = findNodeProblem();
if (problem === null) {
  const { launch } = await import("./launch.mjs");
  process.exitCode = await launch(process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
