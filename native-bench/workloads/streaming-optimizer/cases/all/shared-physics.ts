import { chooseKernel, compileKernel } from "../../kernel/compile-kernel.ts";
import { sumCount } from "../../evaluators/block-kernel.ts";
import { createPointModel } from "../../model/point-model.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { visitFirstBlock } from "../case-data.ts";
import { createCaseKernel } from "../case-kernel.ts";

export const sharedPhysics: BeforeAfterCase = {
  id: "shared-physics",
  seedItem: "1.5",
  title: "Physics computed anew for each point",
  sides: [
    {
      id: "per-point",
      label: "per point",
      help: "Wave vector, exponential and shear of each point from the formulas, in TypeScript.",
      run: runPerPoint,
    },
    {
      id: "shared",
      label: "shared, TypeScript",
      help: "What depends on the two times is computed once for all angles, sums over angles first.",
      run: (context) => runShared(context, "js"),
    },
    {
      id: "kernel",
      label: "shared, WebAssembly",
      help: "The same sums, two points at a time.",
      run: (context) => runShared(context, "wasm"),
    },
  ],
  explanation:
    "All traces have the same spans in the same order; only the kernel spans differ in length, and their time per point does not change with the number of chunks. What gives the slow side away are equal arguments: the tables of one parameter vector are read for every angle, and exponential, square roots and quotients come out the same 23 times. Summing over the angles before the time-dependent factors are applied leaves one sine and one cosine a point. Memoising results by their arguments, as the seed document proposes, would trade the arithmetic for look-ups of the same cost.",
};

async function runPerPoint(context: CaseContext) {
  const { dataset, model, recorder } = context;
  const point = createPointModel(model, dataset.experiment);
  const gradient = new Float64Array(model.hasFlow ? 9 : 5);
  const sums = new Float64Array(sumCount(model));
  const { elapsedMs, value: itemCount } = await timeCase(recorder, "per point", () => {
    point.setParameters(Float64Array.from(model.parameters(dataset.experiment), (spec) => spec.start));
    return visitFirstBlock(dataset, ({ angle, i, j, y }) => {
      const residual = y - point.differentiate(angle, i, j, gradient);
      let index = 0;
      for (let row = 0; row < gradient.length; row++)
        for (let column = 0; column <= row; column++) sums[index++] += gradient[row] * gradient[column];
      for (let row = 0; row < gradient.length; row++) sums[index++] += gradient[row] * residual;
      sums[index] += residual * residual;
    });
  });
  return { itemCount, elapsedMs, digest: [...sums] };
}

async function runShared(context: CaseContext, engine: "js" | "wasm") {
  const { dataset, recorder } = context;
  const kernel = createCaseKernel(context);
  const processor = kernel.open(engine === "js" ? null : compileKernel(chooseKernel(null)));
  const { elapsedMs } = await timeCase(recorder, engine === "js" ? "shared, TypeScript" : "shared, WebAssembly", () => {
    for (const index of kernel.blocks.keys()) {
      context.throwIfCancelled();
      kernel.addBlock(processor, index);
    }
  });
  processor.dispose();
  const points = dataset.experiment.anglesDegrees.length * dataset.experiment.timeCount ** 2;
  return { itemCount: points, elapsedMs, digest: [...kernel.firstBlock] };
}
