/*
 * Kernels that a PyTorch transformer launches in bfloat16, with times as they are on a large data-center device.
 */

const bf16 = "c10::BFloat16";

/** @param {string} tile @param {string} layout */
const gemmName = (tile, layout) => `ampere_bf16_s16816gemm_bf16_${tile}_ldg8_f2f_stages_64x3_${layout}`;
/** @param {string} functor */
const elementwise = (functor) =>
  `void at::native::vectorized_elementwise_kernel<4, at::native::${functor}, at::detail::Array<char*, 3> >(int, at::native::${functor}, at::detail::Array<char*, 3>)`;
export const kernels = {
  /** @param {number} us */
  gemm: (us, tile = "128x256", layout = "tn") => ({
    name: gemmName(tile, layout),
    us,
    grid: [64, 12, 1],
    block: [128, 1, 1],
    registers: 234,
    occupancy: 12,
  }),
  layerNorm: {
    name: `void at::native::(anonymous namespace)::vectorized_layer_norm_kernel<${bf16}, float>(int, float, ${bf16} const*, ${bf16} const*, ${bf16} const*, float*, float*, ${bf16}*)`,
    us: 16,
    registers: 40,
    occupancy: 88,
  },
  layerNormInput: {
    name: `void at::native::(anonymous namespace)::layer_norm_grad_input_kernel_vectorized<${bf16}, float>(${bf16} const*, ${bf16} const*, float const*, float const*, ${bf16} const*, ${bf16}*, int)`,
    us: 27,
    registers: 48,
    occupancy: 75,
  },
  layerNormGamma: {
    name: `void at::native::(anonymous namespace)::GammaBetaBackwardCUDAKernel<${bf16}, float>(long, long, ${bf16} const*, ${bf16} const*, float const*, float const*, ${bf16}*, ${bf16}*)`,
    us: 19,
    registers: 46,
    occupancy: 40,
  },
  flashForward: {
    name: "void pytorch_flash::flash_fwd_kernel<pytorch_flash::Flash_fwd_kernel_traits<64, 128, 128, 4, false, false, cutlass::bfloat16_t>, false, true, false, false, true, true, false>(pytorch_flash::Flash_fwd_params)",
    us: 98,
    grid: [8, 8, 16],
    block: [128, 1, 1],
    registers: 255,
    occupancy: 12,
  },
  flashBackward: {
    name: "void pytorch_flash::flash_bwd_dq_dk_dv_loop_seqk_parallel_kernel<pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>, false, true, false>(pytorch_flash::Flash_bwd_params)",
    us: 262,
    grid: [8, 8, 16],
    block: [256, 1, 1],
    registers: 255,
    occupancy: 12,
  },
  flashDot: {
    name: "void pytorch_flash::flash_bwd_dot_do_o_kernel<true, pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>>(pytorch_flash::Flash_bwd_params)",
    us: 14,
  },
  flashConvert: {
    name: "void pytorch_flash::flash_bwd_convert_dq_kernel<pytorch_flash::Flash_bwd_kernel_traits<64, 64, 128, 8, 2, 4, 4, false, false, cutlass::bfloat16_t>>(pytorch_flash::Flash_bwd_params, int)",
    us: 11,
  },
  gelu: {
    name: elementwise("GeluCUDAKernelImpl(at::TensorIteratorBase&, at::native::GeluType)::{lambda(c10::BFloat16)#1}"),
    us: 38,
  },
  geluBackward: {
    name: elementwise(
      "GeluBackwardCUDAKernelImpl(at::TensorIteratorBase&, at::native::GeluType)::{lambda(c10::BFloat16, c10::BFloat16)#1}",
    ),
    us: 52,
  },
  add: { name: elementwise(`CUDAFunctor_add<${bf16}>`), us: 21 },
  reduce: {
    name: `void at::native::reduce_kernel<512, 1, at::native::ReduceOp<${bf16}, at::native::func_wrapper_t<${bf16}, at::native::sum_functor<${bf16}, float, ${bf16}>::operator()(at::TensorIterator&)::{lambda(float, float)#1}>, unsigned int, ${bf16}, 4> >`,
    us: 17,
    occupancy: 50,
  },
  embedding: {
    name: "void at::native::(anonymous namespace)::indexSelectLargeIndex<c10::BFloat16, long, unsigned int, 2, 2, -2, true>",
    us: 24,
  },
  embeddingBackward: {
    name: "void at::native::(anonymous namespace)::embedding_backward_feature_kernel<c10::BFloat16, float, long>",
    us: 86,
  },
  logSoftmax: {
    name: "void (anonymous namespace)::cunn_SoftMaxForward<8, c10::BFloat16, float, float, at::native::(anonymous namespace)::LogSoftMaxForwardEpilogue>",
    us: 160,
  },
  logSoftmaxBackward: {
    name: "void at::native::(anonymous namespace)::cunn_SoftMaxBackward<8, c10::BFloat16, float, float, at::native::(anonymous namespace)::LogSoftMaxBackwardEpilogue>",
    us: 210,
  },
  loss: {
    name: "void at::native::(anonymous namespace)::nll_loss_forward_reduce_cuda_kernel_2d<float, float, long>",
    us: 9,
    grid: [1, 1, 1],
  },
  lossBackward: {
    name: "void at::native::(anonymous namespace)::nll_loss_backward_reduce_cuda_kernel_2d<float, long>",
    us: 8,
    grid: [1, 1, 1],
  },
  adam: {
    name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::FusedOptimizerTensorListMetadata<4>, at::native::(anonymous namespace)::FusedAdamMathFunctor<float, 4, (at::native::ADAM_MODE)1, false> >",
    us: 128,
    grid: [320, 1, 1],
    block: [512, 1, 1],
    registers: 64,
    occupancy: 25,
  },
  norm: {
    name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::TensorListMetadata<1>, at::native::(anonymous namespace)::LpNormFunctor<float, (at::native::NormType)1, float, 1, 1, 0> >",
    us: 31,
    grid: [320, 1, 1],
    block: [512, 1, 1],
  },
  scale: {
    name: "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::TensorListMetadata<1>, at::native::(anonymous namespace)::BinaryOpListAlphaFunctor<float, 1, 1, 0> >",
    us: 42,
    grid: [320, 1, 1],
    block: [512, 1, 1],
  },
};
export const allReduceKernel = {
  name: "ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<4096ul>)",
  us: 1900,
  grid: [24, 1, 1],
  block: [544, 1, 1],
  registers: 96,
  occupancy: 30,
};
