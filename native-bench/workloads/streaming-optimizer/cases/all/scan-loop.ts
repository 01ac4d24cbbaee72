import { UserFacingError } from "../../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../../traces/model/span-kind.ts";
import { chooseKernel, compileKernel } from "../../kernel/compile-kernel.ts";
import { kernelBytes } from "../../kernel/kernel-bytes.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { createCaseKernel } from "../case-kernel.ts";

/** The device loop has all points in the memory of the kernel. */
const mostPoints = 5_000_000;
/** Passes of a side: the rebuilt loop is built once a pass, as a traced scan is once a call. */
const passCount = 5;

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
      help: "The host calls the compiled kernel for each row of the maps: what the seed document went back to.",
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
    "The seed document reverted its scan because it was nine times slower than a host loop, and asked why. The trace tells: the rebuilt side has a compile span in every pass, the other two have none after the first. The scan itself was never slow, building it again in each call was. Built once, the device loop and the host loop differ by the cost of a call a chunk, which is next to nothing on a CPU once chunks hold ten thousand points. So on a CPU the verdict remains: reject the scan, there is nothing to win. It pays where a call is expensive, on a GPU with small chunks, and only when it is built once.",
};

async function run(context: CaseContext, mode: "rebuilt" | "host" | "device") {
  const { recorder, dataset } = context;
  const points = dataset.experiment.anglesDegrees.length * dataset.experiment.timeCount ** 2;
  if (points > mostPoints) throw new UserFacingError(`this case takes at most ${mostPoints} points, found ${points}`);
  const rowsPerCall = mode === "host" ? 1 : dataset.experiment.timeCount;
  const kernel = createCaseKernel(context, { rowsPerCall });
  const bytes = kernelBytes(chooseKernel(null));
  const build = (pass: number): WebAssembly.Module => {
    recorder.begin("kernel.compile", SpanKind.compile, { pass });
    const unique = new Uint8Array(Float64Array.of(performance.now(), pass).buffer);
    const module = new WebAssembly.Module(Uint8Array.from([...bytes, 0, unique.length + 2, 1, 0x70, ...unique]));
    recorder.end();
    return module;
  };
  let processor = kernel.open(compileKernel(chooseKernel(null)));
  for (const index of kernel.blocks.keys()) kernel.addBlock(processor, index);
  const { elapsedMs } = await timeCase(recorder, mode, () => {
    for (let pass = 0; pass < passCount; pass++) {
      context.throwIfCancelled();
      kernel.total.fill(0);
      if (mode === "rebuilt") {
        processor.dispose();
        processor = kernel.open(build(pass));
      }
      recorder.begin("pass", SpanKind.op);
      for (const index of kernel.blocks.keys()) {
        if (mode === "host") recorder.begin("chunk", SpanKind.launch);
        kernel.addBlock(processor, index);
        if (mode === "host") recorder.end();
      }
      recorder.end();
    }
  });
  processor.dispose();
  return { itemCount: points * passCount, elapsedMs, digest: [...kernel.total] };
}
