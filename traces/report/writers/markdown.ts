import { formatDelta } from "../../compare/words.ts";
import { formatDuration } from "../../model/format-units.ts";
import type { Block, Cell, Column } from "../block.ts";
import type { BuiltSection } from "../collect-sections.ts";
import type { ReportPage } from "../report-page.ts";

/** A comment on a pull request may have 65,536 characters. */
const mostCharacters = 60_000;
/** Rows of a table, so that the verdict is not buried. */
const mostRows = 15;

/** The report as a comment on a pull request. Pictures become tables or are left to the other formats. */
export function writeMarkdown({ title, sides, sections, missing }: ReportPage): string {
  const parts = [`# ${escapeMarkdown(title)}`, escapeMarkdown(sides)];
  let size = 0;
  const left: string[] = [];
  for (const section of sections) {
    const text = writeSection(section);
    if (size + text.length > mostCharacters) left.push(section.title);
    else if (text !== "") {
      parts.push(text);
      size += text.length;
    }
  }
  if (left.length > 0) parts.push(`_Left out for size: ${escapeMarkdown(left.join(", "))}._`);
  if (missing.length > 0) parts.push(`_Not collected: ${escapeMarkdown(missing.join(", "))}._`);
  return `${parts.join("\n\n")}\n`;
}

function writeSection({ title, blocks }: BuiltSection): string {
  const written = blocks.map(writeBlock).filter((text) => text !== "");
  return written.length === 0 ? "" : [`## ${escapeMarkdown(title)}`, ...written].join("\n\n");
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case "verdict":
      return `**${escapeMarkdown(block.text)}**`;
    case "text":
      return escapeMarkdown(block.text);
    case "list":
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");
    case "table":
      return writeTable(block.columns, block.rows, block.omitted);
    case "waterfall":
      return writeTable(
        [
          { title: block.label, align: "left" },
          { title: "per step", align: "right" },
        ],
        block.bars.map(({ label, kind, ns }) => [
          { text: kind === "count" || kind === "speed" ? `${label}, by ${kind}` : label },
          { text: kind === "before" || kind === "after" ? formatDuration(ns) : formatDelta(ns) },
        ]),
        0,
      );
    case "ecdf":
    case "curves":
    case "timelines":
    case "stack":
    case "flame":
      return "";
  }
}

function writeTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], omitted: number): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const left = omitted + Math.max(0, rows.length - mostRows);
  return [
    line(columns.map(({ title }) => escapeMarkdown(title))),
    line(columns.map(({ align }) => (align === "right" ? "--:" : ":--"))),
    ...rows.slice(0, mostRows).map((row) => line(row.map(({ text }) => escapeMarkdown(text)))),
    ...(left > 0 ? ["", `_${left} more rows._`] : []),
  ].join("\n");
}

const unprintable = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * Text of unknown origin that stays text: no markup of Markdown or HTML, no line break that would end a table row, no
 * mention, issue link or address that a forge would make clickable.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(unprintable, " ")
    .replace(/[\\`*_{}[\]()#+!|~$^]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "&#64;")
    .replace(/:\/\//g, ":&#47;&#47;")
    .replace(/\bwww\./gi, "www&#46;");
}
