import { closeSync, openSync, readSync } from "node:fs";
import { UserFacingError } from "../../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../../traces/model/span-kind.ts";
import { fillRowIndex } from "../../evaluators/block-plan.ts";
import type { BlockKernel } from "../../evaluators/block-kernel.ts";
import { createWasmKernel } from "../../evaluators/wasm-kernel.ts";
import { chooseKernel, compileKernel } from "../../kernel/compile-kernel.ts";
import { kernelBytes } from "../../kernel/kernel-bytes.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { createCaseKernel } from "../case-kernel.ts";

/** All points lie in the memory of the kernel, so that loops are compared and not reads. */
const mostPoints = 5_000_000;
const chunkPoints = 10_000;
/** Passes of a side: the rebuilt loop is built once a pass, as a traced scan is once a call. */
const passCount = 5;

type Loop = "rebuilt" | "host" | "device";

export const scanLoop: BeforeAfterCase = {
  id: "scan-loop",
  seedItem: "1.3",
  title: "The scan that had to be reverted",
  sides: [
    {
      id: "rebuilt",
      label: "device loop, rebuilt each pass",
      help: "The loop body closes over its parameters and is built anew in every call: the scan of the seed document.",
      run: (context) => run(context, "rebuilt"),
    },
    {
      id: "host",
      label: "host loop",
      help: "The host calls the compiled kernel for each chunk of 10,000 points: what the seed document went back to.",
      run: (context) => run(context, "host"),
    },
    {
      id: "device",
      label: "device loop, built once",
      help: "One call a pass, whose loop over chunks is inside the compiled program.",
      run: (context) => run(context, "device"),
    },
  ],
  explanation:
    "The seed document reverted its scan because it took 114 ms where a host loop took 13 ms, and did not know why. The trace tells: the rebuilt side has a compile span in every pass, the others have none after the first. The scan was never slow; building it again in every call was. Here a build takes about a millisecond, since WebAssembly compiles quickly and tunes later, so the loss is small against a pass over millions of points and large against one over few; tracing and compiling the same body in JAX costs a hundred, which is the difference that the document measured. Built once, the device loop and the host loop differ by one call per chunk, next to nothing on a CPU once chunks hold ten thousand points. So the verdict on a CPU stands, for another reason: there is nothing to win. Where a call is expensive, on a GPU with small chunks, a loop that is built once pays.",
};

async function run(context: CaseContext, mode: Loop) {
  const { recorder, dataset } = context;
  const { timeCount: n, anglesDegrees } = dataset.experiment;
  const points = anglesDegrees.length * n ** 2;
  if (points > mostPoints || dataset.layout !== "full")
    throw new UserFacingError(`this case takes at most ${mostPoints} points of whole maps, found ${points}`);
  const { job, inputs, total } = createCaseKernel(context);
  const sums = new Float64Array(total.length);
  const rowsPerCall = mode === "host" ? Math.max(1, Math.round(chunkPoints / (n * anglesDegrees.length))) : n;
  const load = (module: WebAssembly.Module): BlockKernel => {
    const kernel = createWasmKernel({ job, elementCount: n * n, rowCount: n }, module);
    readPoints(dataset.path, dataset.dataOffset, kernel.points);
    kernel.setInputs(inputs);
    return kernel;
  };
  const runPass = (kernel: BlockKernel): void => {
    total.fill(0);
    for (let firstRow = 0; firstRow < n; firstRow += rowsPerCall) {
      const rowCount = Math.min(rowsPerCall, n - firstRow);
      recorder.begin("chunk", SpanKind.kernel);
      fillRowIndex(dataset, { firstRow, rowCount, rowStep: 1 }, kernel.rows);
      for (let row = 0; row < rowCount; row++) kernel.rows[2 * row + 1] += firstRow * n;
      kernel.run(
        { rowCount, firstAngle: 0, angleCount: anglesDegrees.length, angleStride: n * n, costOnly: false },
        sums,
      );
      for (let k = 0; k < sums.length; k++) total[k] += sums[k];
      recorder.end();
    }
  };
  const warm = load(compileKernel(chooseKernel(null)));
  runPass(warm);
  let elapsedMs = 0;
  for (let pass = 0; pass < passCount; pass++) {
    context.throwIfCancelled();
    let kernel = warm;
    if (mode === "rebuilt") {
      const built = await timeCase(recorder, "rebuild", () => build(context, pass));
      elapsedMs += built.elapsedMs;
      kernel = load(built.value);
    }
    elapsedMs += (await timeCase(recorder, "pass", () => runPass(kernel))).elapsedMs;
  }
  return { itemCount: points * passCount, elapsedMs, digest: [...total] };
}

/** A section of its own makes the bytes differ: engines keep modules of equal bytes. */
function build({ recorder }: CaseContext, pass: number): WebAssembly.Module {
  recorder.begin("kernel.compile", SpanKind.compile, { pass });
  const unique = new Uint8Array(Float64Array.of(performance.now(), pass).buffer);
  const module = new WebAssembly.Module(
    Uint8Array.from([...kernelBytes(chooseKernel(null)), 0, unique.length + 2, 1, 0x70, ...unique]),
  );
  recorder.end();
  return module;
}

function readPoints(path: string, position: number, target: Float64Array | Float32Array): void {
  const file = openSync(path, "r");
  try {
    readSync(file, new Uint8Array(target.buffer, target.byteOffset, target.byteLength), 0, target.byteLength, position);
  } finally {
    closeSync(file);
  }
}
