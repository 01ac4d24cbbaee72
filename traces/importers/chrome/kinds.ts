import { SpanKind } from "../../model/span-kind.ts";

/** Where events of a category happen: unknown, on the host, on a device, or as a frame around a recording. */
export const CategorySide = { unknown: 0, host: 1, device: 2, frame: 3 } as const;
export type CategorySide = (typeof CategorySide)[keyof typeof CategorySide];

interface CategoryRule {
  readonly side: CategorySide;
  readonly kindOf: (name: string) => SpanKind;
}

const always = (kind: SpanKind) => (): SpanKind => kind;

const host = (kindOf: (name: string) => SpanKind): CategoryRule => ({ side: CategorySide.host, kindOf });
const device = (kindOf: (name: string) => SpanKind): CategoryRule => ({ side: CategorySide.device, kindOf });

/** Categories of the PyTorch profiler, old and new spellings, in lower case. */
const categoryRules: ReadonlyMap<string, CategoryRule> = new Map([
  ["cpu_op", host((name) => annotationKind(name, SpanKind.op))],
  ["operator", host((name) => annotationKind(name, SpanKind.op))],
  ["user_annotation", host((name) => annotationKind(name, SpanKind.phase))],
  ["cuda_runtime", host(runtimeKind)],
  ["cuda_driver", host(runtimeKind)],
  ["mtia_runtime", host(runtimeKind)],
  ["privateuse1_runtime", host(runtimeKind)],
  ["privateuse1_driver", host(runtimeKind)],
  ["xpu_runtime", host(runtimeKind)],
  ["runtime", host(runtimeKind)],
  ["python_function", host(always(SpanKind.other))],
  ["overhead", host(always(SpanKind.other))],
  ["cuda_profiler_range", { side: CategorySide.unknown, kindOf: always(SpanKind.phase) }],
  ["cuda_sync", { side: CategorySide.unknown, kindOf: always(SpanKind.sync) }],
  ["kernel", device(kernelKind)],
  ["gpu_memcpy", device(transferKind)],
  ["memcpy", device(transferKind)],
  // A memset writes device memory and runs no kernel of the program.
  ["gpu_memset", device(always(SpanKind.deviceToDevice))],
  ["memset", device(always(SpanKind.deviceToDevice))],
  ["gpu_user_annotation", device(always(SpanKind.phase))],
  ["mtia_ccp_events", device(always(SpanKind.kernel))],
  ["trace", { side: CategorySide.frame, kindOf: always(SpanKind.other) }],
]);

const otherCategory: CategoryRule = {
  side: CategorySide.unknown,
  kindOf: (name) => annotationKind(name, SpanKind.other),
};

/** Side of a category of trace-event files; case does not matter. */
export function sideOfCategory(category: string): CategorySide {
  return (categoryRules.get(category.toLowerCase()) ?? otherCategory).side;
}

/** Kind of a span by category and name. */
export function kindOfEvent(category: string | null, name: string): SpanKind {
  const rule = category === null ? otherCategory : (categoryRules.get(category.toLowerCase()) ?? otherCategory);
  return rule.kindOf(name);
}

const compileAnywhere = /compile/i;
/** "compile" as a word of its own: "v8.compile", "backend_compile", not "Torch-Compiled Region" or "CompiledFunction". */
const compileWord = /(?:^|[^a-z])compile(?![a-z])/i;
const compileNames: ReadonlySet<string> = new Set([
  "XlaCompile",
  "XlaCompileComputation",
  "BackendCompile",
  "CompileCode",
  "ShaderCompile",
]);

function annotationKind(name: string, otherwise: SpanKind): SpanKind {
  if (name.startsWith("ProfilerStep")) return SpanKind.step;
  if (name.includes("DataLoader")) return SpanKind.io;
  // Most names end here: a look into the set would first hash the name.
  if (!compileAnywhere.test(name)) return otherwise;
  return compileNames.has(name) || compileWord.test(name) ? SpanKind.compile : otherwise;
}

/** Kind of a kernel by its name: collectives stand out. */
export function kernelKind(name: string): SpanKind {
  return /nccl|rccl/i.test(name) ? SpanKind.collective : SpanKind.kernel;
}

/** Kind of a call of a device runtime or driver. */
export function runtimeKind(name: string): SpanKind {
  if (/synchronize|WaitEvent|EventWait/i.test(name)) return SpanKind.sync;
  return /launch|memcpy|memset/i.test(name) ? SpanKind.launch : SpanKind.other;
}

/** Direction of a copy by its name: "Memcpy HtoD (Pageable -> Device)", "CopyHostToDevice", "MemcpyH2D". */
export function transferKind(name: string): SpanKind {
  if (/H(?:ost)?(?:to|2)D/i.test(name)) return SpanKind.hostToDevice;
  if (/D(?:evice)?(?:to|2)H/i.test(name)) return SpanKind.deviceToHost;
  if (/[DP](?:evice|eer)?(?:to|2)[DP]/i.test(name)) return SpanKind.deviceToDevice;
  return SpanKind.other;
}

/** What a JAX / XLA line holds, by its name; null for lines of the host. */
export type XlaLine = "steps" | "modules" | "ops" | "kernels" | "copies" | "other";

/** Role of a line of a device plane ("XLA Ops", "Stream #16(Kernel)"). */
export function xlaLineOf(lineName: string): XlaLine {
  if (lineName === "Steps") return "steps";
  if (lineName === "XLA Modules") return "modules";
  if (lineName === "XLA Ops" || lineName === "Async XLA Ops") return "ops";
  if (/^Stream #.*Memcpy/i.test(lineName)) return "copies";
  if (lineName.startsWith("Stream #")) return "kernels";
  return "other";
}

const collectiveOps = /^(?:all-reduce|all-gather|reduce-scatter|all-to-all|collective-|ragged-all-to-all|send|recv)/;

/** Kind of a span on a device line of an XLA trace. */
export function kindOnXlaLine(line: XlaLine, name: string): SpanKind {
  switch (line) {
    case "steps":
      return SpanKind.step;
    case "modules":
      return SpanKind.phase;
    case "ops":
      if (collectiveOps.test(name)) return SpanKind.collective;
      return /^(?:async-)?copy/.test(name) ? SpanKind.deviceToDevice : SpanKind.kernel;
    case "kernels":
      return transferKind(name) === SpanKind.other || !/memcpy/i.test(name) ? kernelKind(name) : transferKind(name);
    case "copies":
      return transferKind(name) === SpanKind.other ? SpanKind.deviceToDevice : transferKind(name);
    case "other":
      return SpanKind.other;
  }
}
