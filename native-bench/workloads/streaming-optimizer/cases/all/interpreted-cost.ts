import { chooseKernel, compileKernel } from "../../kernel/compile-kernel.ts";
import { createTimeTables, fillTimeTables, timeTable } from "../../model/time-tables.ts";
import { diffusionFactor, shearFactor } from "../../model/experiment.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { visitFirstBlock } from "../case-data.ts";
import { createCaseKernel } from "../case-kernel.ts";

type Expression =
  | { readonly op: "value"; readonly value: number }
  | { readonly op: "input"; readonly name: string }
  | {
      readonly op: "add" | "subtract" | "multiply" | "divide" | "power" | "max";
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly op: "exp" | "sin" | "sqrt"; readonly of: Expression };

export const interpretedCost: BeforeAfterCase = {
  id: "interpreted-cost",
  seedItem: "1.2",
  title: "Cost from an interpreted expression",
  sides: [
    {
      id: "interpreted",
      label: "interpreted",
      help: "The model is an expression tree, walked for each point.",
      run: runInterpreted,
    },
    { id: "compiled", label: "compiled", help: "The cost kernel of WebAssembly.", run: runCompiled },
  ],
  explanation:
    "Neither side compiles, allocates or reads more than the other; the slow one simply has a time per point two orders of magnitude above what the same formula takes on this machine when it is compiled. That is the sign to look for: a cost span whose time per point is far from the norm of its engine means that the evaluation left the compiled path. The seed document measured 26 times for calling a compiled function instead of tracing operations one by one; walking a tree in this process is slower still, because every node is a dispatch and every intermediate value goes through memory.",
};

async function runInterpreted(context: CaseContext) {
  const { dataset, model, recorder } = context;
  const { experiment } = dataset;
  const start = Float64Array.from(model.parameters(experiment), (spec) => spec.start);
  const tables = createTimeTables(experiment.timeCount);
  fillTimeTables(experiment, model.transport(start), tables);
  const expressions = experiment.anglesDegrees.map((_, angle) => buildExpression(context, start, angle));
  const difference = (table: number, i: number, j: number): number =>
    tables.values[table * tables.stride + i] - tables.values[table * tables.stride + j];
  const inputs: Record<string, number> = {};
  let cost = 0;
  const { elapsedMs, value: itemCount } = await timeCase(recorder, "interpreted cost", () =>
    visitFirstBlock(dataset, ({ angle, i, j, y }) => {
      inputs["dS"] = difference(timeTable.diffusion, i, j);
      inputs["dG"] = difference(timeTable.shear, i, j);
      cost += (y - interpret(expressions[angle], inputs)) ** 2;
    }),
  );
  return { itemCount, elapsedMs, digest: [cost] };
}

async function runCompiled(context: CaseContext) {
  const { dataset, recorder } = context;
  const kernel = createCaseKernel(context, { costOnly: true });
  const processor = kernel.open(compileKernel(chooseKernel(null)));
  const { elapsedMs } = await timeCase(recorder, "compiled cost", () => {
    for (const index of kernel.blocks.keys()) kernel.addBlock(processor, index);
  });
  processor.dispose();
  const points = dataset.experiment.anglesDegrees.length * dataset.experiment.timeCount ** 2;
  return { itemCount: points, elapsedMs, digest: Array.from(kernel.firstBlock.slice(-1)) };
}

function buildExpression(
  { dataset: { experiment }, model }: CaseContext,
  parameters: Float64Array,
  angle: number,
): Expression {
  const value = (number: number): Expression => ({ op: "value", value: number });
  const input = (name: string): Expression => ({ op: "input", name });
  const of = (
    op: "add" | "subtract" | "multiply" | "divide" | "power" | "max",
    left: Expression,
    right: Expression,
  ): Expression => ({ op, left, right });
  const smooth = (name: string): Expression => ({
    op: "sqrt",
    of: of("add", of("multiply", input(name), input(name)), value(1e-12)),
  });
  const [contrast, offset] = model.scaling(parameters, angle);
  const decay: Expression = {
    op: "exp",
    of: of("max", of("multiply", value(diffusionFactor(experiment)), smooth("dS")), value(-700)),
  };
  if (!model.hasFlow) return of("add", value(offset), of("multiply", value(contrast), decay));
  const phase = ((model.transport(parameters).flowAngleDegrees - experiment.anglesDegrees[angle]) * Math.PI) / 180;
  const x = of("multiply", value(shearFactor(experiment) * Math.cos(phase)), smooth("dG"));
  const sinc = of("divide", { op: "sin", of: x }, x);
  return of("add", value(offset), of("multiply", of("multiply", value(contrast), decay), of("power", sinc, value(4))));
}

function interpret(expression: Expression, inputs: Readonly<Record<string, number>>): number {
  switch (expression.op) {
    case "value":
      return expression.value;
    case "input":
      return inputs[expression.name];
    case "exp":
    case "sin":
    case "sqrt":
      return Math[expression.op](interpret(expression.of, inputs));
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
    case "power":
    case "max":
      return combine(expression.op, interpret(expression.left, inputs), interpret(expression.right, inputs));
  }
}

function combine(
  op: "add" | "subtract" | "multiply" | "divide" | "power" | "max",
  left: number,
  right: number,
): number {
  switch (op) {
    case "add":
      return left + right;
    case "subtract":
      return left - right;
    case "multiply":
      return left * right;
    case "divide":
      return left / right;
    case "power":
      return left ** right;
    case "max":
      return Math.max(left, right);
  }
}
