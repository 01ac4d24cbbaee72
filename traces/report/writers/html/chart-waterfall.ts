import { formatDelta, shortenName } from "../../../compare/words.ts";
import { formatDuration } from "../../../model/format-units.ts";
import type { WaterfallBar } from "../../../compare/comparison.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const barHeight = 20;
const labelWidth = 400;
/** Letters that fit beside the bars at the size of the page's charts. */
const labelLetters = 56;
const valueWidth = 110;

const kindWords: Readonly<Record<WaterfallBar["kind"], string>> = {
  before: "",
  after: "",
  count: " · count",
  speed: " · speed",
  onlyBefore: " · only before",
  onlyAfter: " · only after",
  idle: "",
  overlap: "",
  rest: "",
};

/** Horizontal bars from the level before to the level after, each change starting where the one above ends. */
export function drawWaterfall(label: string, bars: readonly WaterfallBar[]): string {
  const placed = place(bars);
  const ends = placed.flatMap(endsOf);
  const [from, to] = [Math.min(0, ...ends), Math.max(1, ...ends)];
  const x = (ns: number): number => labelWidth + ((ns - from) / (to - from)) * (width - labelWidth - valueWidth);
  const rows = placed.map(({ bar, begin, end }, i) => {
    const left = Math.min(x(begin), x(end));
    const size = Math.max(1, Math.abs(x(end) - x(begin)));
    const isLevel = bar.kind === "before" || bar.kind === "after";
    const tone = isLevel ? "level" : bar.ns < 0 ? "good" : "bad";
    const value = isLevel ? formatDuration(bar.ns) : `${bar.ns < 0 ? "▼" : "▲"} ${formatDelta(bar.ns)}`;
    const interval = bar.interval === null ? "" : drawInterval(x, begin, bar, i);
    const name = `${bar.label}${kindWords[bar.kind]}`;
    return [
      `<text x="${labelWidth - 8}" y="${i * barHeight + 14}" text-anchor="end">${escapeText(`${shortenName(bar.label, labelLetters - kindWords[bar.kind].length)}${kindWords[bar.kind]}`)}<title>${escapeText(name)}</title></text>`,
      `<rect class="${tone}" x="${at(left)}" y="${i * barHeight + 3}" width="${at(size)}" height="${barHeight - 6}"/>`,
      interval,
      `<text x="${width - valueWidth + 8}" y="${i * barHeight + 14}">${escapeText(value)}</text>`,
    ].join("");
  });
  return `<svg class="chart" role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${width} ${placed.length * barHeight + 4}">${rows.join("")}</svg>`;
}

interface PlacedBar {
  readonly bar: WaterfallBar;
  readonly begin: number;
  readonly end: number;
}

function place(bars: readonly WaterfallBar[]): readonly PlacedBar[] {
  let level = 0;
  return bars.map((bar) => {
    if (bar.kind === "before" || bar.kind === "after") {
      level = bar.ns;
      return { bar, begin: 0, end: bar.ns };
    }
    const begin = level;
    level += bar.ns;
    return { bar, begin, end: level };
  });
}

/** Both ends of a bar and of its whisker. */
function endsOf({ bar, begin, end }: PlacedBar): readonly number[] {
  const base = bar.kind === "before" || bar.kind === "after" ? 0 : begin;
  return [begin, end, ...(bar.interval ?? []).map((ns) => base + ns)];
}

/** Whisker around the end of the bar. */
function drawInterval(x: (ns: number) => number, begin: number, { kind, interval }: WaterfallBar, row: number): string {
  if (interval === null) return "";
  const base = kind === "before" || kind === "after" ? 0 : begin;
  const y = row * barHeight + barHeight / 2;
  return `<line class="whisker" x1="${at(x(base + interval[0]))}" x2="${at(x(base + interval[1]))}" y1="${y}" y2="${y}"/>`;
}
