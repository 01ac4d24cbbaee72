import type { Block, Cell, Column } from "../block.ts";
import type { ReportPage } from "../report-page.ts";
import { sha256Base64 } from "../sha256.ts";
import { drawCurves } from "./html/chart-curves.ts";
import { drawEcdf } from "./html/chart-ecdf.ts";
import { drawFlame } from "./html/chart-flame.ts";
import { drawStack } from "./html/chart-stack.ts";
import { drawTimelines } from "./html/chart-timelines.ts";
import { drawWaterfall } from "./html/chart-waterfall.ts";
import { escapeText } from "./html/escape.ts";
import { pageScript } from "./html/page-script.ts";
import { pageStyle } from "./html/page-style.ts";

/**
 * One page without any request: its policy allows this very style sheet and script, nothing else. The same report
 * gives the same bytes.
 */
export function writeHtml({ title: pageTitle, sides, sections, missing }: ReportPage): string {
  const body = sections.map(
    ({ id, title, blocks }) =>
      `<section id="${escapeText(id)}"><h2>${escapeText(title)}</h2>${blocks.map(writeBlock).join("\n")}</section>`,
  );
  const policy = `default-src 'none'; style-src 'sha256-${sha256Base64(pageStyle)}'; script-src 'sha256-${sha256Base64(pageScript)}'; base-uri 'none'; form-action 'none'`;
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${escapeText(pageTitle)}</title><style>${pageStyle}</style></head>`,
    `<body><main><h1>${escapeText(pageTitle)}</h1>${sides === pageTitle ? "" : `<p class="muted">${escapeText(sides)}</p>`}`,
    ...body,
    ...(missing.length === 0 ? [] : [`<p class="muted">Not collected: ${escapeText(missing.join(", "))}.</p>`]),
    `</main><script>${pageScript}</script></body></html>`,
    "",
  ].join("\n");
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case "verdict":
      return `<p class="verdict ${block.tone}">${escapeText(block.text)}</p>`;
    case "text":
      return `<p class="${block.tone}">${escapeText(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul>`;
    case "table":
      return writeTable(block.columns, block.rows, block.omitted);
    case "waterfall":
      return drawWaterfall(block.label, block.bars);
    case "ecdf":
      return drawEcdf(block.label, block.unit, block.series);
    case "curves":
      return drawCurves(block.label, block.xTitle, block.curves);
    case "stack":
      return drawStack(block.label, block.rows);
    case "timelines":
      return drawTimelines(block.label, block.picture);
    case "flame":
      return drawFlame(block.tree);
  }
}

function writeTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], omitted: number): string {
  const sorts = rows.length > 3;
  const head = columns.map(({ title, align }) => {
    const text = escapeText(title);
    return `<th scope="col" class="${align}">${sorts && title !== "" ? `<button type="button">${text}</button>` : text}</th>`;
  });
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => writeCell(cell, columns[i], columns[i].title === "name")).join("")}</tr>`,
  );
  const more = omitted > 0 ? `<p class="muted">${omitted} more with smaller changes are left out.</p>` : "";
  return `<div class="wide" tabindex="0"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>${more}`;
}

function writeCell({ text, value, tone }: Cell, { align }: Column, isName: boolean): string {
  const classes = [align === "right" ? "right" : "", isName ? "name" : "", tone ?? ""].filter((name) => name !== "");
  const attribute = value === undefined || !Number.isFinite(value) ? "" : ` data-v="${value}"`;
  return `<td${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}${attribute}>${escapeText(text)}</td>`;
}
