import { describe, expect, it } from "vitest";
import { checkClaims } from "../../../traces/report/claims/check-claims.ts";
import { readLedger } from "../../../traces/report/claims/ledger.ts";
import { seriesInText } from "../../../traces/report/claims/tables-in-text.ts";

const document = `
Results of a night

| Metric | Value |
|--------|-------|
| Mean inference time | 38.22 ± 0.92 ms |

| Batch Size | Total Time (ms) | Time/Structure (ms) | Std (ms) |
|------------|----------------:|---------------------|----------|
| 1          | 0.79            | 0.79                | 0.1 |
| 2          | 38.53           | 19.27               | 0.1 |
| 4          | 42.55           | 10.64               | 0.1 |

- Batch size 1: 0.79 ms/structure (1258 struct/sec)
- Batch size 2: 21.82 ms/structure (46 struct/sec) - **28x SLOWER**
- Batch size 4: 21.90 ms/structure

| Stage | Speedup |
|---|---|
| one | 2.0x |
`;

describe("tables of a text", () => {
  it("are series by batch or size, whole times, with the single one beside them", () => {
    expect(seriesInText(document)).toEqual([
      {
        id: "table-1",
        subject: "table by batch size",
        axis: "batch",
        unit: "ms",
        points: [
          [1, 0.79],
          [2, 38.53],
          [4, 42.55],
        ],
        single: 38.22,
        target: null,
      },
      expect.objectContaining({
        id: "table-2",
        subject: "list by batch",
        points: [
          [1, 0.79],
          [2, 43.64],
          [4, 87.6],
        ],
      }),
    ]);
    expect(seriesInText("| Batch | ms |\n|---|---|\n| 1 | 2 |")).toEqual([]);
    expect(
      seriesInText("| Points, count | Time (us) |\n|--|--|\n| 1,000 | 5 |\n| 2,000 | 11.5 ± 1 |")[0],
    ).toMatchObject({
      axis: "size",
      unit: "us",
      points: [
        [1000, 5],
        [2000, 11.5],
      ],
    });
  });

  it("say what their numbers say", () => {
    const { insights } = checkClaims(readLedger(document), null);
    const text = insights.map(({ sentence }) => sentence).join("\n");
    expect(text).toContain("batch 1 at 0.79 ms is not comparable");
    expect(text).toContain("batching works: 34.51 + 2.01·b ms");
    expect(text).toContain("ceiling 497.5 items/s");
    expect(text).toContain("serial loop: total time grows as batch^1.005");
  });

  it("leave a ledger a ledger, and a text without tables refused", () => {
    expect(readLedger("title: x\nclaims: []").title).toBe("x");
    expect(() => readLedger("just words")).toThrow("claims ledger");
  });
});
