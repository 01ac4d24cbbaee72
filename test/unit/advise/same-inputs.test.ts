import { describe, expect, test } from "vitest";
import { advise } from "../../../traces/advise/advise.ts";
import { type Arguments, collectInputs, findRepeatedNames, type Inputs } from "../../../traces/advise/inputs.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { textOf } from "../../../traces/model/text-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";

/** Six steps of three passes over the data: the first and the last at one place, the second at the next. */
const optimizer = traceFromText(
  ["main | ", "     | "]
    .map(
      (head, depth) =>
        head +
        "step---------------- "
          .repeat(6)
          .replaceAll(/step-+/g, (step) => (depth === 0 ? step : "pass---pass---pass--")),
    )
    .join("\n"),
  { step: SpanKind.step },
);
const spansOf = ({ spans, strings }: Trace, name: string): readonly number[] =>
  Array.from({ length: spans.length }, (_, span) => span).filter((span) => textOf(strings, spans.name[span]) === name);

/** Collects with arguments by the number of a span among those of its name. */
async function collect(
  trace: Trace,
  argumentsOf: (name: string, number: number) => Arguments,
): Promise<{ readonly inputs: Inputs; readonly readCount: number }> {
  let readCount = 0;
  const inputs = await collectInputs(runSliced(findRepeatedNames(trace)), (span) => {
    readCount++;
    const name = textOf(trace.strings, trace.spans.name[span]);
    return Promise.resolve(argumentsOf(name, spansOf(trace, name).indexOf(span)));
  });
  return { inputs, readCount };
}
const places = ["00c74e88", "00bb3bf9", "00c74e88"];
const adviceOf = (inputs: Inputs) => runSliced(advise(optimizer, undefined, inputs));

describe("work on the same inputs", () => {
  test("is found within a step, all but the longest of it, and never from step to step", async () => {
    const { inputs } = await collect(optimizer, (_name, number) => [
      ["kind", "full"],
      ["parameters", places[number % 3] ?? ""],
    ]);
    const found = adviceOf(inputs).findings.find(({ rule }) => rule === "R07");
    // Of the two passes of 7 and 6 µs at one place the shorter one; a step is 20 µs.
    expect(found?.savingAlone).toMatchObject({ highNs: 6000 });
    expect(found?.evidenceCount).toBe(6);
    expect(found?.sentence).toBe(
      "“pass” runs once in a step on inputs that the same step has seen already: 6.00\u2009µs (30.0\u2009%).",
    );
    const { inputs: moving } = await collect(optimizer, (_name, number) => [["parameters", `00c74e${number + 10}`]]);
    expect(adviceOf(moving).findings.map(({ rule }) => rule)).not.toContain("R07");
    expect(adviceOf(moving).passed).toContainEqual(expect.objectContaining({ rule: "R07" }));
  });

  test.each<readonly [what: string, args: Arguments]>([
    ["none", []],
    ["sizes", [["Input Dims", "[[64, 3]]"]]],
    ["a count of parameters", [["parameters", "427292"]]],
    ["a text", [["inputs", "the batch"]]],
  ])("is not looked for where arguments tell no inputs: %s", async (_what, args) => {
    const { inputs } = await collect(optimizer, () => args);
    expect(inputs.of.size).toBe(0);
    expect(adviceOf(inputs).abstained).toContainEqual(
      expect.objectContaining({
        rule: "R07",
        reason: expect.stringContaining("whose arguments tell their inputs") as string,
      }),
    );
  });

  test("costs one read a name where nothing is told", async () => {
    const { readCount } = await collect(optimizer, () => []);
    expect(readCount).toBe(1);
  });

  test("takes digits for a digest only where the key says so", async () => {
    expect((await collect(optimizer, () => [["params_hash", "12345678"]])).inputs.of.size).toBe(18);
    expect((await collect(optimizer, () => [["params", "12345678"]])).inputs.of.size).toBe(0);
  });
});
