import { formatDuration } from "../../model/format-units.ts";
import type { Block } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const steps: ReportSection = {
  id: "steps",
  title: "The median and the longest step",
  build: ({ summary, stepPictures }) => {
    if (summary.exampleSteps.length === 0) return null;
    const drawn = stepPictures.filter(({ picture }) => picture.before.spans.length + picture.after.spans.length > 0);
    return [
      ...drawn.flatMap(({ which, picture }): readonly Block[] => [
        {
          kind: "text",
          text: `The ${which} step: ${formatDuration(picture.before.durationNs)} before, ${formatDuration(picture.after.durationNs)} after. Dashed: where the span was before.`,
          tone: "plain",
        },
        { kind: "timelines", label: `The ${which} step, before above after`, picture },
      ]),
      {
        kind: "stack",
        label: "Time of one step by what owns it",
        rows: summary.exampleSteps.map(({ side, which, durationNs, parts }) => ({
          label: `${which} step ${side}, ${formatDuration(durationNs)}`,
          parts,
        })),
      },
    ];
  },
};
