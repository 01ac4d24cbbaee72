import { kernels } from "./kernels.mjs";

/** @typedef {import("./host-thread.mjs").HostThread} HostThread */
/** @typedef {import("./host-thread.mjs").Kernel} Kernel */
/** @typedef {{ name: string, forward: import("./simulator.mjs").SimulatedSpan, layer: number, sequence: number, undo: (autograd: HostThread) => void }} TapeEntry */

/*
 * What a PyTorch transformer calls, forward and backward: batch 8, 1,024 tokens, 1,024 features, 16 heads.
 */

const rows = 8192;
const features = 1024;
const vocabulary = 32_000;
const activations = [8, 1024, features];

/**
 * Calls the forward pass on a thread. Returns what the backward pass undoes, last call first; layer -1 is the embedding.
 * @param {HostThread} thread @param {number} layers
 * @returns {TapeEntry[]}
 */
export function runForward(thread, layers) {
  /** @type {TapeEntry[]} */
  const tape = [];
  const record = createRecorder(tape);
  thread.module("Transformer_0", () => {
    record.layer = -1;
    thread.module("Embedding_0", () =>
      elementwise(
        thread,
        record,
        "aten::embedding",
        "EmbeddingBackward0",
        [kernels.embedding],
        [kernels.embeddingBackward],
      ),
    );
    for (record.layer = 0; record.layer < layers; record.layer++)
      thread.module(`Block_${record.layer}`, () => block(thread, record));
    layerNorm(thread, record, 2 * layers);
    linear(thread, record, { label: "head", from: features, to: vocabulary, us: 780 });
  });
  thread.op("aten::cross_entropy_loss", {
    body: () => {
      elementwise(
        thread,
        record,
        "aten::log_softmax",
        "LogSoftmaxBackward0",
        [kernels.logSoftmax],
        [kernels.logSoftmaxBackward],
      );
      elementwise(thread, record, "aten::nll_loss", "NllLossBackward0", [kernels.loss], [kernels.lossBackward]);
    },
  });
  return tape.toReversed();
}

/** @param {TapeEntry[]} tape */
function createRecorder(tape) {
  return {
    layer: -1,
    sequence: 0,
    /** @param {string} name @param {TapeEntry["forward"]} forward @param {TapeEntry["undo"]} undo */
    add(name, forward, undo) {
      tape.push({ name, forward, layer: this.layer, sequence: this.sequence++, undo });
    },
  };
}

/** @typedef {ReturnType<typeof createRecorder>} Recorder */

/** @param {HostThread} thread @param {Recorder} record */
function block(thread, record) {
  const { layer } = record;
  const residual = () => {
    const forward = thread.op("aten::add", {
      dims: [activations, activations],
      forward: record.sequence,
      body: () => thread.launch(kernels.add),
      us: 1.8,
    });
    record.add("AddBackward0", forward, () => undefined);
  };
  layerNorm(thread, record, 2 * layer);
  thread.module(`CausalSelfAttention_${layer}`, () => {
    linear(thread, record, { label: `${layer * 4}`, from: features, to: 3 * features, us: 176 });
    views(thread, "aten::split", "aten::view", "aten::transpose");
    attention(thread, record);
    views(thread, "aten::transpose", "aten::view");
    linear(thread, record, { label: `${layer * 4 + 1}`, from: features, to: features, us: 62 });
  });
  residual();
  layerNorm(thread, record, 2 * layer + 1);
  thread.module(`MLP_${layer}`, () => {
    linear(thread, record, { label: `${layer * 4 + 2}`, from: features, to: 4 * features, us: 228 });
    thread.module(`GELU_${layer}`, () =>
      elementwise(thread, record, "aten::gelu", "GeluBackward0", [kernels.gelu], [kernels.geluBackward]),
    );
    linear(thread, record, { label: `${layer * 4 + 3}`, from: 4 * features, to: features, us: 236 });
  });
  residual();
}

/** @param {HostThread} thread @param {Recorder} record @param {{ label: string, from: number, to: number, us: number }} layer */
function linear(thread, record, { label, from, to, us }) {
  thread.module(`Linear_${label}`, () => {
    thread.op("aten::linear", {
      dims: [[rows, from], [to, from], [to]],
      body: () => {
        thread.op("aten::t", { body: () => views(thread, "aten::transpose"), us: 0.8 });
        views(thread, "aten::view");
        const forward = thread.op("aten::addmm", {
          dims: [[to], [rows, from], [from, to]],
          forward: record.sequence,
          body: () => thread.launch(kernels.gemm(us)),
          us: 3,
        });
        record.add("AddmmBackward0", forward, (autograd) => {
          autograd.op("aten::t", { body: () => autograd.op("aten::transpose", { us: 0.7 }), us: 0.7 });
          autograd.op("aten::mm", {
            dims: [
              [rows, to],
              [to, from],
            ],
            body: () => autograd.launch(kernels.gemm(us * 1.04, "128x128", "nn")),
            us: 2.6,
          });
          autograd.op("aten::mm", {
            dims: [
              [to, rows],
              [rows, from],
            ],
            body: () => autograd.launch(kernels.gemm(us * 1.12, "256x128", "nt")),
            us: 2.6,
          });
          autograd.op("aten::sum", { dims: [[rows, to]], body: () => autograd.launch(kernels.reduce), us: 2.2 });
        });
      },
    });
  });
}

/** @param {HostThread} thread @param {Recorder} record */
function attention(thread, record) {
  const heads = [8, 16, 1024, 64];
  thread.op("aten::scaled_dot_product_attention", {
    body: () => {
      const forward = thread.op("aten::_scaled_dot_product_flash_attention", {
        dims: [heads, heads, heads],
        forward: record.sequence,
        body: () => launchInto(thread, [kernels.flashForward]),
        us: 3,
      });
      record.add("ScaledDotProductFlashAttentionBackward0", forward, (autograd) =>
        autograd.op("aten::_scaled_dot_product_flash_attention_backward", {
          body: () => launchInto(autograd, [kernels.flashDot, kernels.flashBackward, kernels.flashConvert]),
          us: 3,
        }),
      );
    },
  });
}

/** @param {HostThread} thread @param {Recorder} record @param {number} label */
function layerNorm(thread, record, label) {
  thread.module(`LayerNorm_${label}`, () =>
    elementwise(
      thread,
      record,
      "aten::native_layer_norm",
      "NativeLayerNormBackward0",
      [kernels.layerNorm],
      [kernels.layerNormInput, kernels.layerNormGamma],
    ),
  );
}

/** @param {HostThread} thread @param {Recorder} record @param {string} name @param {string} backward @param {readonly Kernel[]} forwardWork @param {readonly Kernel[]} backwardWork */
function elementwise(thread, record, name, backward, forwardWork, backwardWork) {
  const forward = thread.op(name, {
    dims: [activations],
    forward: record.sequence,
    body: () => launchInto(thread, forwardWork),
    us: 2.4,
  });
  record.add(backward, forward, (autograd) =>
    autograd.op(`${name}_backward`, { dims: [activations], body: () => launchInto(autograd, backwardWork), us: 2.4 }),
  );
}

/** @param {HostThread} thread @param {readonly string[]} names */
function views(thread, ...names) {
  for (const name of names) thread.op(name, { body: () => thread.op("aten::as_strided", { us: 0.5 }), us: 0.9 });
}

/**
 * Allocates the result, then computes it.
 * @param {HostThread} thread @param {readonly Kernel[]} work
 */
function launchInto(thread, work) {
  thread.op("aten::empty", { us: 0.8 });
  for (const kernel of work) thread.launch(kernel);
}

/**
 * Clips gradients and applies the fused optimizer, tensor chunk by tensor chunk.
 * @param {HostThread} thread @param {number} chunks
 */
export function optimizerStep(thread, chunks) {
  /** @param {string} name @param {Kernel} kernel */
  const foreach = (name, kernel) =>
    thread.op(name, {
      body: () => {
        for (let chunk = 0; chunk < chunks; chunk++) thread.launch(kernel);
      },
      us: 9,
    });
  thread.annotate("clip_grad_norm_", () => {
    foreach("aten::_foreach_norm", kernels.norm);
    thread.op("aten::linalg_vector_norm", { body: () => thread.launch(kernels.reduce), us: 3 });
    foreach("aten::_foreach_mul_", kernels.scale);
  });
  thread.annotate("Optimizer.step#AdamW.step", () => foreach("aten::_fused_adamw_", kernels.adam));
}
