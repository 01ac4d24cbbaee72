import { pageOfComparison } from "./comparison-page.ts";
import type { ReportPage } from "./report-page.ts";
import type { ComparisonReport, ReportFile, ReportFormat } from "./report.ts";
import { writeHtml } from "./writers/html.ts";
import { writeJson } from "./writers/json.ts";
import { writeJunit } from "./writers/junit.ts";
import { writeMarkdown } from "./writers/markdown.ts";

interface Writer {
  readonly extension: ReportFile["extension"];
  readonly mediaType: string;
  readonly write: (page: ReportPage) => string;
}

const writers: Readonly<Record<ReportFormat, Writer>> = {
  html: { extension: "html", mediaType: "text/html", write: writeHtml },
  markdown: { extension: "md", mediaType: "text/markdown", write: writeMarkdown },
  json: { extension: "json", mediaType: "application/json", write: writeJson },
  junit: { extension: "xml", mediaType: "application/xml", write: writeJunit },
};

/** A comparison of traces in one of the formats; the same report gives the same bytes. */
export function renderReport(report: ComparisonReport, format: ReportFormat): ReportFile {
  return renderPage(pageOfComparison(report), format);
}

export function renderPage(page: ReportPage, format: ReportFormat): ReportFile {
  const { extension, mediaType, write } = writers[format];
  return { extension, mediaType, text: write(page) };
}
