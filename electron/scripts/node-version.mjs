/** The oldest Node that builds, tests and starts this checkout, as `engines` in package.json says. */
const needed = [20, 19];

/** One line for people when this Node is too old, else null. Written in syntax that an old Node can still parse. */
export function findNodeProblem() {
  const found = process.versions.node.split(".").map(Number);
  const isEnough = found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1]);
  return isEnough ? null : `Node ${process.versions.node} found, ${needed.join(".")} or newer needed.`;
}
