import { type DiffTree, DiffVerdict } from "../../../traces/compare/comparison.ts";
import { formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { type ChangeTone, signedDuration } from "../../charts/change.ts";
import type { ChartTable } from "../../charts/chart-table.ts";
import { probabilityWords, relativeWords } from "./words.ts";

export const rootNode = 0;

export type DiffOrder = "name" | "change";

/** Children of every node: as the tree has them (by name), or the largest change first. */
export function childrenOf(tree: DiffTree, order: DiffOrder): readonly (readonly number[])[] {
  const children: number[][] = Array.from({ length: tree.parent.length }, () => []);
  for (let node = 1; node < tree.parent.length; node++) children[tree.parent[node] ?? rootNode]?.push(node);
  if (order === "change")
    for (const siblings of children) siblings.sort((a, b) => Math.abs(deltaOf(tree, b)) - Math.abs(deltaOf(tree, a)));
  return children;
}

export const nameOf = (tree: DiffTree, node: number): string =>
  node === rootNode ? "all" : (tree.names[tree.name[node] ?? 0] ?? "");
/** The asked value: total or self time, per step, call or item. */
export const beforeOf = (tree: DiffTree, node: number): number => tree.beforeValue[node] ?? 0;
export const afterOf = (tree: DiffTree, node: number): number => tree.afterValue[node] ?? 0;
export const weightOf = (tree: DiffTree, node: number): number => tree.weightNs[node] ?? 0;
export const deltaOf = (tree: DiffTree, node: number): number => afterOf(tree, node) - beforeOf(tree, node);

/**
 * 1 for nodes that change by at least `share` of the step (or of themselves, where calls are compared) and for what
 * holds such nodes; all for 0.
 */
export function changedNodes(tree: DiffTree, share: number): Uint8Array {
  const shown = new Uint8Array(tree.parent.length);
  const whole = tree.weightNs[rootNode] ?? 0;
  for (let node = tree.parent.length - 1; node >= 0; node--) {
    const least = tree.per === "call" ? Math.max(beforeOf(tree, node), afterOf(tree, node)) : whole;
    if (share === 0 || Math.abs(deltaOf(tree, node)) >= share * least) shown[node] = 1;
    const parent = tree.parent[node] ?? -1;
    if (shown[node] === 1 && parent >= 0) shown[parent] = 1;
  }
  return shown;
}

/** Tone and pattern of a node; only what is decided has a tone. */
export interface NodeLook {
  readonly tone: ChangeTone;
  readonly presence: "both" | "added" | "removed";
}

export function lookOf(tree: DiffTree, node: number): NodeLook {
  switch (tree.verdict[node]) {
    case DiffVerdict.regressed:
      return { tone: "slower", presence: "both" };
    case DiffVerdict.improved:
      return { tone: "faster", presence: "both" };
    case DiffVerdict.onlyBefore:
      return { tone: "faster", presence: "removed" };
    case DiffVerdict.onlyAfter:
      return { tone: "slower", presence: "added" };
    default:
      return { tone: "even", presence: "both" };
  }
}

const verdictTitles: Readonly<Record<number, string>> = {
  [DiffVerdict.untested]: "not tested",
  [DiffVerdict.equivalent]: "equivalent",
  [DiffVerdict.inconclusive]: "inconclusive",
  [DiffVerdict.regressed]: "regressed",
  [DiffVerdict.improved]: "improved",
  [DiffVerdict.onlyBefore]: "only before",
  [DiffVerdict.onlyAfter]: "only after",
};

/** "12.4 ms → 10.1 ms per step, −2.30 ms (−18.5 %), improved, q 0.0012; calls 4 → 4". */
export function nodeWords(tree: DiffTree, node: number): string {
  const relative = relativeWords(tree.relative[node] ?? Number.NaN, null);
  const q = tree.q[node] ?? Number.NaN;
  const verdict = verdictTitles[tree.verdict[node] ?? 0] ?? "not tested";
  const calls = `calls ${formatNumber(tree.beforeCount[node] ?? 0)} → ${formatNumber(tree.afterCount[node] ?? 0)}`;
  const tested = Number.isNaN(q) ? verdict : `${verdict}, q ${probabilityWords(q)}`;
  return `${formatDuration(beforeOf(tree, node))} → ${formatDuration(afterOf(tree, node))} ${valueWordsOf(tree)}, ${signedDuration(deltaOf(tree, node))} (${relative}), ${tested}; ${calls}`;
}

/** "per step", "of its own per call". */
function valueWordsOf({ metric, per }: DiffTree): string {
  return `${metric === "self" ? "of its own " : ""}per ${per}`;
}

/** All nodes with their paths, all digits. */
export function diffTable(tree: DiffTree): ChartTable {
  const paths: string[] = [];
  for (let node = 1; node < tree.parent.length; node++) {
    const above = paths[tree.parent[node] ?? rootNode];
    paths[node] = above === undefined ? nameOf(tree, node) : `${above} › ${nameOf(tree, node)}`;
  }
  const time = `${tree.metric} ns per ${tree.per}`;
  return {
    columns: [
      { title: "Path", align: "start" },
      { title: `Before, ${time}`, align: "end" },
      { title: `After, ${time}`, align: "end" },
      { title: "Change", align: "end" },
      { title: "q", align: "end" },
      { title: "Verdict", align: "start" },
    ],
    rows: paths.flatMap((path, node) => {
      const q = tree.q[node] ?? Number.NaN;
      const verdict = verdictTitles[tree.verdict[node] ?? 0] ?? "not tested";
      const numbers = [beforeOf(tree, node), afterOf(tree, node), deltaOf(tree, node)];
      return [[path, ...numbers, Number.isNaN(q) ? null : q, verdict]];
    }),
  };
}

/** The node of a row of the delta table; null when the tree left it out. */
export function nodeOfRow(tree: DiffTree, row: number | null): number | null {
  if (row === null || row < 0) return null;
  const node = tree.row.indexOf(row);
  return node < 0 ? null : node;
}

/** Where an arrow leads from a node; undefined for other keys, the root where there is nothing. */
export function stepInTree(
  key: string,
  tree: DiffTree,
  children: readonly (readonly number[])[],
  from: number,
): number | undefined {
  const parent = Math.max(rootNode, tree.parent[from] ?? rootNode);
  const siblings = from === rootNode ? [] : (children[parent] ?? []);
  const place = siblings.indexOf(from);
  switch (key) {
    case "ArrowDown":
      return children[from]?.[0] ?? rootNode;
    case "ArrowUp":
      return parent;
    case "ArrowLeft":
      return siblings[place - 1] ?? rootNode;
    case "ArrowRight":
      return siblings[place + 1] ?? rootNode;
    default:
      return undefined;
  }
}
