import { SpanKind } from "../../../../../traces/model/span-kind.ts";
import { kernelBytes } from "../../kernel/kernel-bytes.ts";
import { chooseKernel } from "../../kernel/compile-kernel.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { createCaseKernel } from "../case-kernel.ts";

export const compilePerChunk: BeforeAfterCase = {
  id: "compile-per-chunk",
  seedItem: "1.1",
  title: "Jacobian compiled for each chunk",
  sides: [
    {
      id: "per-chunk",
      label: "compiled per chunk",
      help: "A closure over the parameters is a new program for the compiler, chunk after chunk.",
      run: (context) => runChunks(context, true),
    },
    {
      id: "once",
      label: "compiled once",
      help: "Parameters are arguments of one program.",
      run: (context) => runChunks(context, false),
    },
  ],
  explanation:
    "The trace of the slow side has one compile span in front of every kernel span, all with the same name and none of them shorter than the one before: nothing is reused, because the parameters are part of the program. The fast side has a single compile span before the first chunk. The loss per chunk is a constant, so it weighs the more the smaller the chunks are; a GPU shader or an ONNX Runtime session costs 10 to 100 times more to build than this WebAssembly module, so there the ratio only grows.",
};

async function runChunks(context: CaseContext, perChunk: boolean) {
  const { recorder, dataset } = context;
  const kernel = createCaseKernel(context);
  const bytes = kernelBytes(chooseKernel(null));
  const compile = (index: number): WebAssembly.Module => {
    recorder.begin("kernel.compile", SpanKind.compile, { chunk: index });
    // A section of its own makes the bytes differ: engines keep modules of equal bytes.
    const module = new WebAssembly.Module(perChunk ? withSection(bytes, kernel.start, index) : bytes);
    recorder.end();
    return module;
  };
  const { elapsedMs } = await timeCase(recorder, perChunk ? "compiled per chunk" : "compiled once", () => {
    let processor = kernel.open(compile(-1));
    for (const index of kernel.blocks.keys()) {
      context.throwIfCancelled();
      if (perChunk) {
        processor.dispose();
        processor = kernel.open(compile(index));
      }
      recorder.begin("chunk", SpanKind.kernel);
      kernel.addBlock(processor, index);
      recorder.end();
    }
    processor.dispose();
  });
  const points = dataset.experiment.anglesDegrees.length * dataset.experiment.timeCount ** 2;
  return { itemCount: points, elapsedMs, digest: [...kernel.total], facts: { chunks: kernel.blocks.length } };
}

/** The module with the parameters of chunk `index` in a custom section at its end (WebAssembly core specification, 5.5.3). */
function withSection(bytes: Uint8Array, parameters: Float64Array, index: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(Float64Array.from([...parameters, index, performance.now()]).buffer);
  const section = [0, payload.length + 2, 1, 0x70, ...payload];
  return Uint8Array.from([...bytes, ...section]);
}
