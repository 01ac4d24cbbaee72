/*
 * What a PyTorch transformer calls, forward and backward, and which kernels that launches: batch 8, 1,024 tokens,
 * 1,024 features, 16 heads, bfloat16. Kernel times are those of a large data-center device, rounded.
 */

const rows = 8192;
const features = 1024;
const vocabulary = 32_000;
const bf16 = "c10::BFloat16";

const gemmName = (tile, layout) => `ampere_bf16_s16816gemm_bf16_${tile}_ldg8_f2f_stages_64x3_${layout}`;
const elementwise = (functor) => `void at::native::vectorized_elementwise_kernel<4, at::native::${functor}, at::detail::Array<char*, 3> >(int, at::native::${functor}, at::detail::Array<char*, 3>)`;
const kernels = {
  gemm: (us, tile = "128x256", layout = "tn") => ({ name: gemmName(tile, layout), us, grid: [64, 12, 1], block: [128, 1, 1], registers: 234, occupancy: 12 }),
  layerNorm: { name: `void at::native::(anonymous namespace)::vectorized_layer_norm_kernel<${bf16}, float>(int, float, ${bf16} const*, ${bf16} const*, ${bf16} const*, float*, float*, ${bf16}*)`, us: 16, registers: 40, occupancy: 88 },
  layerNormInput: { name: `void at::native::(anonymous namespace)::layer_norm_grad_input_kernel_vectorized<${bf16}, float>(${bf16} const*, ${bf16} const*, float const*, float const*, ${bf16} const*, ${bf16}*, int)`, us: 27, registers: 48, occupancy: 75 },
  layerNormGamma: { name: `void at::native::(anonymous namespace)::GammaBetaBackwardCUDAKernel<${bf16}, float>(long, long, ${bf16} const*, ${bf16} const*, float const*, float const*, ${bf16}*, ${bf16}*)`, us: 19, registers: 46, occupancy: 40 },
  flashForward: { name: "void pytorch_flash::flash_fwd_kernel<pytorch_flash::Flash_fwd_kernel_traits<64, 128, 128, 4, false, false, cutlass::bfloat16_t>, false, true, false, false, true, true, false>(pytorch_flash::Flash_fwd_params)", us: 98, grid: [8, 8, 16], block: [128, 1, 1], registers: 255, occupancy: 12 },
  flashBackward: { name: "void pytorch_flash::flash_bwd_dq_dk_dv_loop_seqk_parallel_kernel<pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>, false, true, false>(pytorch_flash::Flash_bwd_params)", us: 262, grid: [8, 8, 16], block: [256, 1, 1], registers: 255, occupancy: 12 },
  flashDot: { name: "void pytorch_flash::flash_bwd_dot_do_o_kernel<true, pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>>(pytorch_flash::Flash_bwd_params)", us: 14 },
  flashConvert: { name: "void pytorch_flash::flash_bwd_convert_dq_kernel<pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>>(pytorch_flash::Flash_bwd_params, int)", us: 11 },
  gelu: { name: elementwise("GeluCUDAKernelImpl(at::TensorIteratorBase&, at::native::GeluType)::{lambda(c10::BFloat16)#1}"), us: 38 },
  geluBackward: { name: elementwise("GeluBackwardCUDAKernelImpl(at::TensorIteratorBase&, at::native::GeluType)::{lambda(c10::BFloat16, c10::BFloat16)#1}"), us: 52 },
  add: { name: elementwise(`CUDAFunctor_add<${bf16}>`), us: 21 },
  reduce: { name: `void at::native::reduce_kernel<512, 1, at::native::ReduceOp<${bf16}, at::native::func_wrapper_t<${bf16}, at::native::sum_functor<${bf16}, float, ${bf16}>::operator()(at::TensorIterator&)::{lambda(float, float)#1}>, unsigned int, ${bf16}, 4> >`, us: 17, occupancy: 50 },
  embedding: { name: "void at::native::(anonymous namespace)::indexSelectLargeIndex<c10::BFloat16, long, unsigned int, 2, 2, -2, true>", us: 24 },
  embeddingBackward: { name: "void at::native::(anonymous namespace)::embedding_backward_feature_kernel<c10::BFloat16, float, long>", us: 86 },
  logSoftmax: { name: "void (anonymous namespace)::cunn_SoftMaxForward<8, c10::BFloat16, float, float, at::native::(anonymous namespace)::LogSoftMaxForwardEpilogue>", us: 160 },
  logSoftmaxBackward: { name: "void at::native::(anonymous namespace)::cunn_SoftMaxBackward<8, c10::BFloat16, float, float, at::native::(anonymous namespace)::LogSoftMaxBackwardEpilogue>", us: 210 },
  loss: { name: "void at::native::(anonymous namespace)::nll_loss_forward_reduce_cuda_kernel_2d<float, float, long>", us: 9, grid: [1, 1, 1] },
  lossBackward: { name: "void at::native::(anonymous namespace)::nll_loss_backward_reduce_cuda_kernel_2d<float, long>", us: 8, grid: [1, 1, 1] },
  adam: { name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::FusedOptimizerTensorListMetadata<4>, at::native::(anonymous namespace)::FusedAdamMathFunctor<float, 4, (at::native::ADAM_MODE)1, false> >", us: 128, grid: [320, 1, 1], block: [512, 1, 1], registers: 64, occupancy: 25 },
  norm: { name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::TensorListMetadata<1>, at::native::(anonymous namespace)::LpNormFunctor<float, (at::native::NormType)1, float, 1, 1, 0> >", us: 31, grid: [320, 1, 1], block: [512, 1, 1] },
  scale: { name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::TensorListMetadata<1>, at::native::(anonymous namespace)::BinaryOpListAlphaFunctor<float, 1, 1, 0> >", us: 42, grid: [320, 1, 1], block: [512, 1, 1] },
};
export const allReduceKernel = { name: "ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<4096ul>)", us: 1900, grid: [24, 1, 1], block: [544, 1, 1], registers: 96, occupancy: 30 };

/**
 * The forward calls of one thread. Returns, for each call that has a backward one, what undoes it; last call first.
 * @param {ReturnType<ReturnType<typeof import("./simulator.mjs").createSimulator>["createThread"]>} thread
 */
export function createTransformer(thread, layers) {
  /** @type {{ name: string, forward: object, layer: number, sequence: number, ops: (thread: object) => void }[]} */
  let tape = [];
  let layer = 0;
  let sequence = 0;
  const record = (name, forward, ops) => tape.push({ name, forward, layer, ops, sequence: sequence++ });
  const views = (...names) => names.forEach((name) => thread.op(name, { body: () => thread.op("aten::as_strided", { us: 0.5 }), us: 0.9 }));

  const linear = (label, from, to, us) =>
    thread.module(`Linear_${label}`, () => {
      let forward;
      thread.op("aten::linear", {
        dims: [[rows, from], [to, from], [to]],
        body: () => {
          thread.op("aten::t", { body: () => views("aten::transpose"), us: 0.8 });
          views("aten::view");
          forward = thread.op("aten::addmm", { dims: [[to], [rows, from], [from, to]], forward: sequence, body: () => thread.launch(kernels.gemm(us)), us: 3 });
        },
      });
      record("AddmmBackward0", forward, (autograd) => {
        autograd.op("aten::t", { body: () => autograd.op("aten::transpose", { us: 0.7 }), us: 0.7 });
        autograd.op("aten::mm", { dims: [[rows, to], [to, from]], body: () => autograd.launch(kernels.gemm(us * 1.04, "128x128", "nn")), us: 2.6 });
        autograd.op("aten::mm", { dims: [[to, rows], [rows, from]], body: () => autograd.launch(kernels.gemm(us * 1.12, "256x128", "nt")), us: 2.6 });
        autograd.op("aten::sum", { dims: [[rows, to]], body: () => autograd.launch(kernels.reduce), us: 2.2 });
      });
    });
  const simple = (module, name, backward, forwardKernel, backwardKernels) => {
    const call = () => {
      const forward = thread.op(name, { dims: [[8, 1024, features]], forward: sequence, body: () => launchInto(thread, [forwardKernel]), us: 2.4 });
      record(backward, forward, (autograd) => autograd.op(`${name}_backward`, { dims: [[8, 1024, features]], body: () => launchInto(autograd, backwardKernels), us: 2.4 }));
    };
    if (module === null) call();
    else thread.module(module, call);
  };
  const layerNorm = (label) => simple(`LayerNorm_${label}`, "aten::native_layer_norm", "NativeLayerNormBackward0", kernels.layerNorm, [kernels.layerNormInput, kernels.layerNormGamma]);
  const residual = () => {
    const forward = thread.op("aten::add", { dims: [[8, 1024, features], [8, 1024, features]], forward: sequence, body: () => thread.launch(kernels.add), us: 1.8 });
    record("AddBackward0", forward, () => undefined);
  };
  const attention = () =>
    thread.module(`CausalSelfAttention_${layer}`, () => {
      linear(`${layer * 4}`, features, 3 * features, 176);
      views("aten::split", "aten::view", "aten::transpose");
      let forward;
      thread.op("aten::scaled_dot_product_attention", {
        body: () => {
          forward = thread.op("aten::_scaled_dot_product_flash_attention", {
            dims: [[8, 16, 1024, 64], [8, 16, 1024, 64], [8, 16, 1024, 64]],
            forward: sequence,
            body: () => {
              thread.op("aten::empty", { us: 1.1 });
              thread.launch(kernels.flashForward);
            },
            us: 3,
          });
        },
      });
      record("ScaledDotProductFlashAttentionBackward0", forward, (autograd) =>
        autograd.op("aten::_scaled_dot_product_flash_attention_backward", {
          body: () => {
            autograd.op("aten::empty", { us: 1.1 });
            [kernels.flashDot, kernels.flashBackward, kernels.flashConvert].forEach((kernel) => autograd.launch(kernel));
          },
          us: 3,
        }),
      );
      views("aten::transpose", "aten::view");
      linear(`${layer * 4 + 1}`, features, features, 62);
    });
  const mlp = () =>
    thread.module(`MLP_${layer}`, () => {
      linear(`${layer * 4 + 2}`, features, 4 * features, 228);
      simple(`GELU_${layer}`, "aten::gelu", "GeluBackward0", kernels.gelu, [kernels.geluBackward]);
      linear(`${layer * 4 + 3}`, 4 * features, features, 236);
    });

  return {
    forward() {
      tape = [];
      thread.module("Transformer_0", () => {
        layer = -1;
        simple("Embedding_0", "aten::embedding", "EmbeddingBackward0", kernels.embedding, [kernels.embeddingBackward]);
        for (layer = 0; layer < layers; layer++) {
          thread.module(`Block_${layer}`, () => {
            layerNorm(2 * layer);
            attention();
            residual();
            layerNorm(2 * layer + 1);
            mlp();
            residual();
          });
        }
        layerNorm(2 * layers);
        linear("head", features, vocabulary, 780);
      });
      thread.op("aten::cross_entropy_loss", {
        body: () => {
          simple(null, "aten::log_softmax", "LogSoftmaxBackward0", kernels.logSoftmax, [kernels.logSoftmaxBackward]);
          simple(null, "aten::nll_loss", "NllLossBackward0", kernels.loss, [kernels.lossBackward]);
        },
      });
      return tape.toReversed();
    },
  };
}

/** Allocates the result, then computes it. */
function launchInto(thread, work) {
  thread.op("aten::empty", { us: 0.8 });
  work.forEach((kernel) => thread.launch(kernel));
}

/** Clips gradients and applies the fused optimizer, tensor chunk by tensor chunk. */
export function optimizerStep(thread, chunks) {
  const foreach = (name, kernel) => thread.op(name, { body: () => Array.from({ length: chunks }, () => thread.launch(kernel)), us: 9 });
  thread.annotate("clip_grad_norm_", () => {
    foreach("aten::_foreach_norm", kernels.norm);
    thread.op("aten::linalg_vector_norm", { body: () => thread.launch(kernels.reduce), us: 3 });
    foreach("aten::_foreach_mul_", kernels.scale);
  });
  thread.annotate("Optimizer.step#AdamW.step", () => foreach("aten::_fused_adamw_", kernels.adam));
}
