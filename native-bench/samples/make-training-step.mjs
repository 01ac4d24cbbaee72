import { createHostThread } from "./training-step/host-thread.mjs";
import { allReduceKernel } from "./training-step/kernels.mjs";
import { createSimulator, devicePid, hostPid, stream } from "./training-step/simulator.mjs";
import { optimizerStep, runForward } from "./training-step/transformer.mjs";
import { writeKineto } from "./training-step/write-kineto.mjs";

/** @typedef {import("./training-step/host-thread.mjs").HostThread} HostThread */
/** @typedef {import("./training-step/simulator.mjs").Simulator} Simulator */

const firstStep = 3;
const batchBytes = 8 * 1024 * 8;
/**
 * @typedef {object} TrainingRun
 * @property {number} seed
 * @property {number} layers
 * @property {number} steps
 * @property {(step: number) => number} decodeUs time that one of eight samples of a batch takes to decode
 */

/**
 * In one step of the run that is looked at alone the loader has not finished the batch: host and device wait.
 * @param {number} step
 */
const starvedOnce = (step) => (step === 6 ? 5200 : 3000);

/**
 * The same program before and after a change of its loader: at first every step waits for data, then none does.
 * @type {Readonly<Record<"before" | "after", TrainingRun>>}
 */
export const loaderChange = {
  before: { seed: 11, layers: 2, steps: 12, decodeUs: () => 2400 },
  after: { seed: 12, layers: 2, steps: 12, decodeUs: () => 700 },
};
const threads = { main: hostPid, autograd: hostPid + 61, loader: hostPid + 17 };
/** Gradients are reduced whenever the backward pass has left one of these layers; -1 is the embedding. */
const bucketLayers = new Set([6, 3, -1]);

/**
 * Training steps of a transformer on one of several GPUs, as the PyTorch profiler writes them. Simulated: no machine
 * was measured.
 * @param {Partial<TrainingRun>} run
 * @returns {string}
 */
export function makeTrainingStep({ layers = 9, steps = 6, seed = 3, decodeUs = starvedOnce } = {}) {
  const simulator = createSimulator(seed);
  const startNs = 5_120_417_233;
  const main = createHostThread(simulator, threads.main, startNs);
  const autograd = createHostThread(simulator, threads.autograd, startNs);
  const loader = createHostThread(simulator, threads.loader, startNs);
  let loaderMayStartNs = 0;
  for (let step = firstStep; step < firstStep + steps; step++) {
    // The batch of the first step was ready before the recording began.
    if (step > firstStep) prepareBatch(loader, decodeUs(step), loaderMayStartNs);
    const firstSpan = simulator.spans.length;
    main.annotate(`ProfilerStep#${step}`, () => {
      main.annotate("enumerate(DataLoader)#_MultiProcessingDataLoaderIter.__next__", () =>
        main.waitUntil(loader.now()),
      );
      loaderMayStartNs = main.now();
      moveBatch(simulator, main);
      /** @type {ReturnType<typeof runForward>} */
      let tape = [];
      main.annotate("forward", () => {
        tape = runForward(main, layers);
      });
      main.annotate("backward", () => runBackward(simulator, main, autograd, tape));
      simulator.streamWaits(stream.compute, stream.nccl);
      main.annotate("optimizer", () => optimizerStep(main, 4));
      readLoss(main);
    });
    annotateDevice(simulator, firstSpan, `ProfilerStep#${step}`);
    main.pause(60);
  }
  return writeKineto(simulator, threads);
}

/**
 * Decodes and stacks one batch, while the main thread trains on the one before.
 * @param {HostThread} loader @param {number} decodeUs @param {number} mayStartNs
 */
function prepareBatch(loader, decodeUs, mayStartNs) {
  loader.waitUntil(mayStartNs);
  loader.annotate("prepare_batch", () => {
    for (let sample = 0; sample < 8; sample++) {
      loader.annotate("decode_sample", () => {
        loader.op("tokenizer::encode", { body: () => loader.pause(decodeUs * 0.8) });
        loader.op("aten::from_numpy", { body: () => loader.pause(decodeUs * 0.1) });
      });
    }
    loader.annotate("collate", () => {
      loader.op("aten::stack", { body: () => loader.op("aten::cat", { body: () => loader.pause(420) }) });
      loader.op("aten::pin_memory", { body: () => loader.op("aten::copy_", { body: () => loader.pause(380) }) });
    });
  });
}

/** @param {Simulator} simulator @param {HostThread} main */
function moveBatch(simulator, main) {
  for (const name of ["tokens", "targets"]) {
    main.op("aten::to", {
      dims: [[8, 1024]],
      body: () =>
        main.op("aten::_to_copy", {
          body: () => {
            main.op("aten::empty_strided", { us: 3 });
            main.op("aten::copy_", {
              body: () =>
                main.copy(
                  "Memcpy HtoD (Pinned -> Device)",
                  name === "tokens" ? batchBytes * 16 : batchBytes * 8,
                  stream.copy,
                ),
              us: 6,
            });
          },
        }),
    });
  }
  main.runtime("cudaStreamWaitEvent", 2.1, { cbid: 147 });
  simulator.streamWaits(stream.compute, stream.copy);
  main.op("aten::zero_", { body: () => main.clear(24_000_000), us: 5 });
}

/** @param {Simulator} simulator @param {HostThread} main @param {HostThread} autograd @param {ReturnType<typeof runForward>} tape */
function runBackward(simulator, main, autograd, tape) {
  autograd.waitUntil(main.now());
  tape.forEach((entry, index) => {
    autograd.op(`autograd::engine::evaluate_function: ${entry.name}`, {
      body: () => {
        const backward = autograd.op(entry.name, { body: () => entry.undo(autograd), forward: entry.sequence });
        simulator.linkBackward(entry.sequence, entry.forward, backward);
      },
    });
    if (entry.name === "AddmmBackward0") {
      autograd.op("autograd::engine::evaluate_function: torch::autograd::AccumulateGrad", {
        body: () =>
          autograd.op("torch::autograd::AccumulateGrad", { body: () => autograd.op("aten::detach", { us: 1.4 }) }),
      });
    }
    const next = tape[index + 1];
    if (bucketLayers.has(entry.layer) && next?.layer !== entry.layer) reduceGradients(simulator, autograd);
  });
  main.waitUntil(autograd.now());
}

/** @param {Simulator} simulator @param {HostThread} autograd */
function reduceGradients(simulator, autograd) {
  autograd.op("c10d::allreduce_", {
    body: () =>
      autograd.op("record_param_comms", {
        body: () => {
          autograd.runtime("cudaEventRecord", 1.6, { cbid: 135 });
          autograd.runtime("cudaStreamWaitEvent", 2.1, { cbid: 147 });
          simulator.streamWaits(stream.nccl, stream.compute);
          autograd.launch(allReduceKernel, stream.nccl);
        },
      }),
  });
}

/** @param {HostThread} main */
function readLoss(main) {
  main.op("aten::item", {
    body: () =>
      main.op("aten::_local_scalar_dense", {
        body: () => {
          main.copy("Memcpy DtoH (Device -> Pageable)", 4, stream.compute);
          main.synchronize(stream.compute);
        },
      }),
  });
}

/**
 * The step as the device saw it: from its first to its last work on the compute stream.
 * @param {Simulator} simulator @param {number} firstSpan @param {string} name
 */
function annotateDevice({ spans }, firstSpan, name) {
  const work = spans.slice(firstSpan).filter((span) => span.pid === devicePid && span.tid === stream.compute);
  const startNs = Math.min(...work.map((span) => span.startNs));
  const endNs = Math.max(...work.map((span) => span.endNs));
  spans.push({
    cat: "gpu_user_annotation",
    name,
    pid: devicePid,
    tid: stream.compute,
    startNs,
    endNs,
    args: { "External id": 0 },
  });
}
