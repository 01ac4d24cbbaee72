import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";
import { streamingOptimizerFacts } from "../../../../native-bench/workloads/streaming-optimizer/facts.ts";
import { resultColumns } from "../../../../renderer/views/profile/results-columns.tsx";

test("sides of a case keep their ends where the column is short, and are counted in what the case counts", () => {
  const results = ["blocking-checkpoint/blocking", "blocking-checkpoint/async"].map((variant) =>
    describeUnmeasured({ variant, backend: "wasm-f64", options: {} }, "measured", null),
  );
  const columns = resultColumns(results, streamingOptimizerFacts);
  const [variant] = columns;
  const ends = results.map((result) => {
    const text = renderToStaticMarkup(<>{variant?.cell(result)}</>);
    return /<span[^>]*>([^<>]+)<\/span><\/span><\/b>$/u.exec(text)?.[1];
  });
  expect(ends).toEqual(["/blocking", "-checkpoint/async"]);
  expect(columns.map(({ title }) => title)).toContain("checkpoints/s");
});
