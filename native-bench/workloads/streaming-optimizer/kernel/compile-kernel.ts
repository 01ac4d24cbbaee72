import { kernelBytes } from "./kernel-bytes.ts";

/** Whether this host compiles relaxed SIMD, and so fused multiply-add: true in Electron, false in Node 20 without a flag. */
export const hasFma = (): boolean => WebAssembly.validate(kernelBytes("fma"));
export const hasSimd = (): boolean => WebAssembly.validate(kernelBytes("plain"));

/** One compiled module a process and variant: instances are cheap, compiling is not. */
const modules = new Map<"fma" | "plain", WebAssembly.Module>();

/** Compiles the kernel, or returns the module compiled before. */
export function compileKernel(variant: "fma" | "plain"): WebAssembly.Module {
  const module = modules.get(variant) ?? new WebAssembly.Module(kernelBytes(variant));
  modules.set(variant, module);
  return module;
}
