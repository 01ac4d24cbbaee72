import type { StepPicture, StepSpan } from "../../../compare/comparison.ts";
import { formatDuration, formatShare } from "../../../model/format-units.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const gutter = 130;
const rowHeight = 15;
const roleGap = 8;
/** px a letter takes at the size of names inside spans. */
const letterWidth = 6.2;
/** Colors of the style sheet. */
const colors = 8;

interface Lane {
  readonly role: string;
  readonly top: number;
  readonly rows: number;
}

/** Two steps on one scale: for each track the rows before above those after, with outlines of before on after. */
export function drawTimelines(label: string, picture: StepPicture): string {
  const { before, after } = picture;
  const longest = Math.max(before.durationNs, after.durationNs, 1);
  const x = (ns: number): number => gutter + (Math.max(0, Math.min(longest, ns)) / longest) * (width - gutter);
  const lanes = layOut(picture);
  const height = lanes.reduce((sum, { rows }) => sum + 2 * rows * rowHeight + roleGap, 0);
  const laneOf = new Map(lanes.map((lane) => [lane.role, lane]));
  const draw = (span: StepSpan, shift: number, isGhost: boolean): string => {
    const lane = laneOf.get(span.role);
    if (lane === undefined) return "";
    const y = lane.top + (span.row + shift * lane.rows) * rowHeight;
    return drawSpan(span, [x(span.startNs), x(span.startNs + span.durationNs)], y, isGhost);
  };
  const heads = lanes.map(
    ({ role, top, rows }) =>
      `<text x="0" y="${top + 11}">${escapeText(fit(role, gutter - 16))}</text><text x="${gutter - 12}" y="${top + 11}">A</text><text x="${gutter - 12}" y="${top + rows * rowHeight + 11}">B</text>`,
  );
  return `<svg class="chart steps" role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${width} ${height}">${[
    ...heads,
    ...before.spans.map((span) => draw(span, 0, false)),
    ...after.spans.map((span) => draw(span, 1, false)),
    ...before.spans.filter(({ durationNs }) => durationNs > longest / 100).map((span) => draw(span, 1, true)),
  ].join("")}</svg>`;
}

/** Tracks in the order in which they first appear, the main thread first. */
function layOut({ before, after }: StepPicture): readonly Lane[] {
  const rows = new Map<string, number>();
  for (const { role, row } of [...before.spans, ...after.spans]) rows.set(role, Math.max(rows.get(role) ?? 0, row + 1));
  const rank = (role: string): number => (role === "main thread" ? 0 : role.startsWith("device") ? 2 : 1);
  let top = 0;
  return [...rows]
    .toSorted(([x], [y]) => rank(x) - rank(y) || (x < y ? -1 : 1))
    .map(([role, count]) => {
      const lane = { role, top, rows: count };
      top += 2 * count * rowHeight + roleGap;
      return lane;
    });
}

function drawSpan(
  { name, durationNs, confidence }: StepSpan,
  [left, right]: readonly [left: number, right: number],
  y: number,
  isGhost: boolean,
): string {
  const size = Math.max(0.5, right - left);
  if (isGhost)
    return `<rect class="ghost" x="${at(left)}" y="${at(y + 0.5)}" width="${at(size)}" height="${rowHeight - 2}"/>`;
  const match = confidence === null ? "no counterpart" : `matched ${formatShare(confidence)} sure`;
  const text = fit(name, size - 6);
  return `<rect class="part${hashOf(name) % colors}" x="${at(left)}" y="${at(y)}" width="${at(size)}" height="${rowHeight - 1}"><title>${escapeText(`${name}: ${formatDuration(durationNs)}, ${match}`)}</title></rect>${text === "" ? "" : `<text class="on" x="${at(left + 3)}" y="${at(y + 11)}">${escapeText(text)}</text>`}`;
}

function fit(text: string, room: number): string {
  const letters = Math.floor(room / letterWidth);
  if (letters < 3) return "";
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

function hashOf(text: string): number {
  let value = 7;
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0;
  return value;
}
