import type { Block } from "./block.ts";
import { reportSections } from "./registry.ts";
import type { ComparisonReport, SectionChoice } from "./report.ts";

export interface BuiltSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** All sections, hidden ones too. */
export function listSections(report: ComparisonReport): readonly SectionChoice[] {
  return reportSections.map(({ id, title, build }) => ({ id, title, isCollected: build(report) !== null }));
}

/** The sections that have something to show and are not hidden, and the titles of those that have nothing. */
export function collectSections(report: ComparisonReport): {
  readonly sections: readonly BuiltSection[];
  readonly missing: readonly string[];
} {
  const shown = reportSections.filter(({ id }) => !report.hiddenSections.includes(id));
  const built = shown.map(({ id, title, build }) => ({ id, title, blocks: build(report) }));
  return {
    sections: built.flatMap(({ id, title, blocks }) => (blocks === null ? [] : [{ id, title, blocks }])),
    missing: built.flatMap(({ title, blocks }) => (blocks === null ? [title] : [])),
  };
}
