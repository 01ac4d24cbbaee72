import { formatNumber } from "../../model/format-units.ts";
import { cell } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const accuracy: ReportSection = {
  id: "accuracy",
  title: "Accuracy",
  build: ({ claims }) =>
    claims === null || claims.accuracy.length === 0
      ? null
      : [
          {
            kind: "table",
            columns: [
              { title: "quantity", align: "left" },
              { title: "before", align: "right" },
              { title: "after", align: "right" },
              { title: "limit", align: "right" },
              { title: "", align: "left" },
            ],
            rows: claims.accuracy.map(({ quantity, unit, before, after, limit, passes }) => [
              cell(quantity),
              cell(before === null ? "not said" : `${formatNumber(before)} ${unit}`, before ?? Infinity),
              cell(`${formatNumber(after)} ${unit}`, after),
              cell(`${formatNumber(limit)} ${unit}`, limit),
              cell(passes ? "passes" : "fails", Number(!passes), passes ? "good" : "bad"),
            ]),
            omitted: 0,
          },
        ],
};
