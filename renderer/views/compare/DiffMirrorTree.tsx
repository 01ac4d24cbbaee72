/* oxlint-disable jsx-a11y/prefer-tag-over-role -- there is no HTML tag for a tree */
import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { nameOf, nodeWords, rootNode } from "./diff-tree.ts";

const siblingsShown = 20;
const childrenShown = 50;

/** The neighborhood of the current node in words, for those who cannot see the drawing: parent, siblings, children. */
export function DiffMirrorTree({
  tree,
  nodes,
  current,
  onChoose,
}: {
  readonly tree: DiffTree;
  readonly nodes: readonly (readonly number[])[];
  readonly current: number;
  readonly onChoose: (node: number) => void;
}) {
  const parent = current === rootNode ? null : Math.max(rootNode, tree.parent[current] ?? rootNode);
  const siblings = parent === null ? [current] : (nodes[parent] ?? []);
  const at = siblings.indexOf(current);
  const near = siblings.slice(Math.max(0, at - siblingsShown), at + siblingsShown + 1);
  const children = nodes[current] ?? [];
  const item = (node: number, among: readonly number[]) => (
    <div
      key={node}
      role="treeitem"
      aria-level={(tree.depth[node] ?? 0) + 1}
      aria-posinset={among.indexOf(node) + 1}
      aria-setsize={among.length}
      aria-selected={node === current}
      tabIndex={-1}
      onClick={() => node !== rootNode && onChoose(node)}
      onKeyDown={(event) => event.key === "Enter" && node !== rootNode && onChoose(node)}
    >
      {`${nameOf(tree, node)}, ${nodeWords(tree, node)}`}
    </div>
  );
  return (
    <div className="visually-hidden" role="tree" aria-label="Flame graph in words: around the current node">
      {parent === null ? null : item(parent, [parent])}
      {near.map((node) => (
        <div key={node} role="presentation">
          {item(node, siblings)}
          {node === current ? children.slice(0, childrenShown).map((child) => item(child, children)) : null}
        </div>
      ))}
    </div>
  );
}
