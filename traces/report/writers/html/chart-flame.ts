import { DiffVerdict, type DiffTree } from "../../../compare/comparison.ts";
import { formatChange, formatDelta } from "../../../compare/words.ts";
import { formatDuration } from "../../../model/format-units.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const rowHeight = 18;
/** Frames a page; three panels show each of them. */
const mostFrames = 400;
const narrowestPart = 0.0005;

interface Frame {
  readonly node: number;
  /** Left edge and width as parts of the whole. */
  readonly x: number;
  readonly w: number;
}

/**
 * Union of both sides as three panels that share their slots: before, difference, after. A frame fills the part of
 * its slot that its time is of the slot's. Colors only where the change is significant; signs say the same.
 */
export function drawFlame(tree: DiffTree): string {
  const frames = layOut(tree);
  const deepest = frames.reduce((depth, { node }) => Math.max(depth, tree.depth[node]), 0);
  const height = (deepest + 1) * rowHeight;
  const panel = (title: string, draw: (frame: Frame) => string): string =>
    `<figure><figcaption>${title}</figcaption><svg class="flame" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${frames.map(draw).join("")}</svg></figure>`;
  const side = (totals: Float64Array) => (frame: Frame) =>
    drawFrame(
      tree,
      frame,
      tree.weightNs[frame.node] === 0 ? 0 : totals[frame.node] / tree.weightNs[frame.node],
      "side",
    );
  return [
    `<p class="muted">A slot is as wide as the larger side. Click a frame to zoom in, the root to zoom out; Tab and Enter do the same. ▲ slower, ▼ faster, + only after, − only before; grey: not significant.</p>`,
    `<div class="flames">`,
    panel("Before", side(tree.beforeTotalNs)),
    panel("Difference", (frame) =>
      drawFrame(tree, frame, 1, verdictClass(tree.verdict[frame.node], tree.relative[frame.node])),
    ),
    panel("After", side(tree.afterTotalNs)),
    `</div>`,
  ].join("");
}

function layOut(tree: DiffTree): readonly Frame[] {
  const whole = tree.weightNs[0] || 1;
  const next = new Float64Array(tree.parent.length);
  const frames: Frame[] = [];
  for (let node = 0; node < tree.parent.length; node++) {
    const parent = tree.parent[node];
    const x = parent < 0 ? 0 : next[parent];
    const w = tree.weightNs[node] / whole;
    next[node] = x;
    if (parent >= 0) next[parent] += w;
    if (w >= narrowestPart || node === 0) frames.push({ node, x, w });
  }
  if (frames.length <= mostFrames) return frames;
  const widest = new Set([...frames].sort((p, q) => q.w - p.w || p.node - q.node).slice(0, mostFrames));
  return frames.filter((frame) => widest.has(frame));
}

const classes: Readonly<Record<number, string>> = {
  [DiffVerdict.regressed]: "bad",
  [DiffVerdict.improved]: "good",
  [DiffVerdict.onlyBefore]: "gone",
  [DiffVerdict.onlyAfter]: "new",
};

function verdictClass(verdict: number, relative: number): string {
  const name = classes[verdict] ?? "same";
  return (name === "bad" || name === "good") && Math.abs(relative) > 0.25 ? `${name} much` : name;
}

const signs: Readonly<Record<number, string>> = {
  [DiffVerdict.regressed]: "▲ ",
  [DiffVerdict.improved]: "▼ ",
  [DiffVerdict.onlyBefore]: "− ",
  [DiffVerdict.onlyAfter]: "+ ",
};

function drawFrame(tree: DiffTree, { node, x, w }: Frame, filled: number, className: string): string {
  const y = tree.depth[node] * rowHeight;
  const name = tree.names[tree.name[node]] || "all";
  const sign = className === "side" ? "" : (signs[tree.verdict[node]] ?? "");
  const left = x * width;
  const size = w * width;
  const title = `${name}: ${formatDuration(tree.beforeTotalNs[node])} → ${formatDuration(tree.afterTotalNs[node])} per step, ${formatDelta(tree.afterTotalNs[node] - tree.beforeTotalNs[node])}${Number.isFinite(tree.relative[node]) ? ` (${formatChange(tree.relative[node])})` : ""}`;
  const part = formatPart(Math.min(1, filled));
  return `<g tabindex="0" data-x="${formatPart(x)}" data-w="${formatPart(w)}" data-f="${part}"><title>${escapeText(title)}</title><rect class="slot" x="${at(left)}" y="${y}" width="${at(size)}" height="${rowHeight - 1}"/><rect class="${className}" x="${at(left)}" y="${y}" width="${at(size * Math.min(1, filled))}" height="${rowHeight - 1}"/><text x="${at(left + 3)}" y="${y + 13}" data-t="${escapeText(sign + name)}">${escapeText(fit(sign + name, size))}</text></g>`;
}

function formatPart(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, "");
}

/** What fits into the width at 6.5 px a character. */
function fit(text: string, size: number): string {
  const characters = Math.floor((size - 6) / 6.5);
  if (characters < 2) return "";
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
