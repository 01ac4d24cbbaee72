import { setFlagsFromString } from "node:v8";
import { kernelBytes } from "./kernel-bytes.ts";

/** Whether this host compiles relaxed SIMD, and so fused multiply-add. */
export function hasFma(): boolean {
  if (WebAssembly.validate(kernelBytes("fma"))) return true;
  // V8 11.3 of Node 20 has the final opcodes behind a flag that may still be set; 11.4 (Electron 25) has it on.
  if (!process.versions.v8.startsWith("11.3.")) return false;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(kernelBytes("fma"));
}

export const hasSimd = (): boolean => WebAssembly.validate(kernelBytes("plain"));

/** The build to use: the one asked for, or the fastest that this host compiles. */
export const chooseKernel = (wanted: "fma" | "plain" | null): "fma" | "plain" => wanted ?? (hasFma() ? "fma" : "plain");

/** One compiled module a process and variant: instances are cheap, compiling is not. */
const modules = new Map<"fma" | "plain", WebAssembly.Module>();

export const isCompiled = (variant: "fma" | "plain"): boolean => modules.has(variant);

/** Compiles the kernel, or returns the module compiled before. */
export function compileKernel(variant: "fma" | "plain"): WebAssembly.Module {
  const module = modules.get(variant) ?? new WebAssembly.Module(kernelBytes(variant));
  modules.set(variant, module);
  return module;
}
