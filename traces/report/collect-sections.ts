import type { Block } from "./block.ts";
import { reportSections } from "./registry.ts";
import type { ComparisonReport } from "./report.ts";

export interface BuiltSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The sections that have something to show, and the titles of those that have not. */
export function collectSections(report: ComparisonReport): {
  readonly sections: readonly BuiltSection[];
  readonly missing: readonly string[];
} {
  const built = reportSections.map(({ id, title, build }) => ({ id, title, blocks: build(report) }));
  return {
    sections: built.flatMap(({ id, title, blocks }) => (blocks === null ? [] : [{ id, title, blocks }])),
    missing: built.flatMap(({ title, blocks }) => (blocks === null ? [title] : [])),
  };
}
