// node native-bench/workloads/streaming-optimizer/kernel/build-kernel.mjs [--check]
// Compiles kernel.as into kernel-bytes.ts; --check fails when what is committed is not what the sources give.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "kernel-bytes.ts");

// By its path: the package's types would take the place of those of the platform.
const compiler = join(createRequire(import.meta.url).resolve("assemblyscript/package.json"), "..", "bin", "asc.js");

/** @param {0 | 1} fma */
function compile(fma) {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-kernel-"));
  try {
    copyFileSync(join(here, "kernel.as"), join(folder, "kernel.ts"));
    const words =
      "kernel.ts -o kernel.wasm -O3 --noAssert --runtime stub --importMemory --initialMemory 1 --enable simd";
    const relaxed = fma === 1 ? ["--enable", "relaxed-simd"] : [];
    execFileSync(process.execPath, [compiler, ...words.split(" "), ...relaxed, "--use", `FMA=${fma}`], { cwd: folder });
    return readFileSync(join(folder, "kernel.wasm")).toString("base64");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of kernel-bytes.ts for the kernel as it stands. */
export function generateKernelBytes() {
  return `// Made by build-kernel.mjs from kernel.as; do not edit.

const base64 = {
  fma: "${compile(1)}",
  plain: "${compile(0)}",
} as const;

/** WebAssembly of the kernel: \`fma\` uses fused multiply-add of relaxed SIMD, \`plain\` only fixed SIMD. */
export const kernelBytes = (variant: "fma" | "plain"): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64[variant]), (character) => character.charCodeAt(0));
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = generateKernelBytes();
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text)
    throw new Error("kernel-bytes.ts is not what kernel.as gives: build it again");
}
