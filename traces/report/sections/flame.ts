import type { ReportSection } from "../report-section.ts";

export const flame: ReportSection = {
  id: "flame",
  title: "Differential flame graph",
  build: ({ tree }) => (tree === null || tree.parent.length < 2 ? null : [{ kind: "flame", tree }]),
};
