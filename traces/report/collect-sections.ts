import type { Block } from "./block.ts";
import type { ReportSection } from "./report-section.ts";
import type { SectionChoice } from "./report.ts";

export interface BuiltSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** All sections, hidden ones too. */
export function listSections<Source>(
  sections: readonly ReportSection<Source>[],
  report: Source,
): readonly SectionChoice[] {
  return sections.map(({ id, title, build }) => ({ id, title, isCollected: build(report) !== null }));
}

/** The sections that have something to show and are not hidden, and the titles of those that have nothing. */
export function collectSections<Source extends { readonly hiddenSections: readonly string[] }>(
  sections: readonly ReportSection<Source>[],
  report: Source,
): {
  readonly sections: readonly BuiltSection[];
  readonly missing: readonly string[];
} {
  const shown = sections.filter(({ id }) => !report.hiddenSections.includes(id));
  const built = shown.map(({ id, title, build }) => ({ id, title, blocks: build(report) }));
  return {
    sections: built.flatMap(({ id, title, blocks }) => (blocks === null ? [] : [{ id, title, blocks }])),
    missing: built.flatMap(({ title, blocks }) => (blocks === null ? [title] : [])),
  };
}
