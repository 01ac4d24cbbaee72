// Writes a Kineto-like trace: node native-bench/generate/make-kineto-like.mjs FILE [EVENTS] [SEED]
import { closeSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRandom } from "../samples/seeded-random.mjs";

const hostPid = 3212;
const hostTids = [3212, 3388];
const streams = [7, 13, 20];
/** Time 0: 2024-04-04 01:51:35 UTC, as Kineto wrote it then: epoch microseconds with three decimals. */
const epochUs = 1_712_195_495_406_757n;
const deepest = 9;
const eventsPerStep = 5200;
const chunkCharacters = 1 << 20;
/** Ids of steps start here, those of operations at 1. */
const stepIds = 100_000_000;

const opNames = [
  "aten::linear",
  "aten::addmm",
  "aten::matmul",
  "aten::transpose",
  "aten::as_strided",
  "aten::copy_",
  "aten::empty",
  "aten::add_",
  "aten::native_layer_norm",
  "aten::gelu",
  "aten::view",
  "aten::to",
  "aten::_to_copy",
  "aten::mul",
  "aten::sum",
  "aten::cat",
];
const moduleNames = Array.from(
  { length: 96 },
  (_, i) => `nn.Module: ${["Linear", "LayerNorm", "Attention", "MLP", "Block", "Dropout"][i % 6]}_${i}`,
);
const kernelNames = Array.from(
  { length: 40 },
  (_, i) =>
    `void at::native::vectorized_elementwise_kernel<4, at::native::BinaryFunctor<float, float>, at::detail::Array<char*, ${i + 1}> >(int)`,
);

/**
 * Writes events until there are `events` of them: CPU ops in nested trees, children before parents; every leaf may
 * launch a kernel on one of three streams, with correlation id and flow. Bytes depend on the numbers given alone.
 * @param {string} file @param {{ events: number, seed: number }} options
 * @returns {{ events: number, spans: number, bytes: number }} what was written
 */
export function makeKinetoLike(file, { events, seed }) {
  const out = createWriter(file);
  const random = createRandom(seed);
  const threads = hostTids.map((tid) => ({ tid, nowNs: 1000 }));
  const callTree = createCaller(out, random);

  out.begin();
  for (let step = 0; out.events < events; step++) {
    const [main, autograd] = threads;
    const startNs = main.nowNs;
    const stepEnd = Math.min(events - 1, out.events + eventsPerStep);
    main.nowNs += 2000;
    while (out.events < stepEnd) {
      callTree(main, 1, 2 + Math.floor(random() * (deepest - 2)));
      autograd.nowNs = Math.max(autograd.nowNs, startNs);
      if (out.events < stepEnd) callTree(autograd, 1, 2 + Math.floor(random() * (deepest - 2)));
    }
    main.nowNs += 1500;
    out.span(
      "user_annotation",
      `ProfilerStep#${step}`,
      hostPid,
      main.tid,
      startNs,
      main.nowNs,
      `"External id": ${stepIds + step}, "Ev Idx": ${stepIds + step}`,
    );
    main.nowNs += 40_000;
  }
  return out.end();
}

/**
 * Returns what calls one tree of operations on a thread, launches included.
 * @param {ReturnType<typeof createWriter>} out @param {() => number} random
 */
function createCaller(out, random) {
  const freeAtNs = new Map(streams.map((id) => [id, 0]));
  let id = 1;

  /** @param {{ tid: number, nowNs: number }} thread */
  const launch = (thread) => {
    const correlation = id++;
    const on = streams[Math.floor(random() * random() * streams.length)];
    const startNs = thread.nowNs;
    thread.nowNs += 2500 + Math.floor(random() * 4000);
    const kernelNs = Math.max(thread.nowNs + 1800, (freeAtNs.get(on) ?? 0) + 700);
    const kernelEndNs = kernelNs + 1200 + Math.floor(random() * random() * 34_000);
    freeAtNs.set(on, kernelEndNs);
    out.span(
      "cuda_runtime",
      "cudaLaunchKernel",
      hostPid,
      thread.tid,
      startNs,
      thread.nowNs,
      `"External id": ${id}, "cbid": 211, "correlation": ${correlation}`,
    );
    out.flow("s", correlation, hostPid, thread.tid, startNs);
    out.span(
      "kernel",
      kernelNames[Math.floor(random() * random() * kernelNames.length)],
      0,
      on,
      kernelNs,
      kernelEndNs,
      `"External id": ${id}, "device": 0, "context": 1, "stream": ${on}, "correlation": ${correlation}, "registers per thread": 32, "shared memory": 0, "warps per SM": 32.571430, "grid": [${1 + Math.floor(random() * 900)}, 1, 1], "block": [128, 1, 1], "est. achieved occupancy %": ${Math.floor(random() * 100)}`,
    );
    out.flow("f", correlation, 0, on, kernelNs);
  };
  /** @param {{ tid: number, nowNs: number }} thread @param {number} depth @param {number} height */
  const callTree = (thread, depth, height) => {
    const startNs = thread.nowNs;
    thread.nowNs += 300 + Math.floor(random() * 2200);
    if (height <= 1) {
      if (random() < 0.62) launch(thread);
    } else {
      const children = 1 + Math.floor(random() * 2.6);
      for (let child = 0; child < children; child++)
        callTree(thread, depth + 1, child === 0 ? height - 1 : Math.floor(random() * height));
    }
    thread.nowNs += 200 + Math.floor(random() * 900);
    const own = id++;
    if (depth < 3)
      out.span(
        "python_function",
        moduleNames[Math.floor(random() * moduleNames.length)],
        hostPid,
        thread.tid,
        startNs,
        thread.nowNs,
        `"Python id": ${own}, "Python parent id": ${own + 1}, "Ev Idx": ${own}`,
      );
    else
      out.span(
        "cpu_op",
        opNames[Math.floor(random() * opNames.length)],
        hostPid,
        thread.tid,
        startNs,
        thread.nowNs,
        `"External id": ${own}, "Record function id": 0, "Input Dims": [[${32 * (1 + Math.floor(random() * 64))}, 1024], [1024, 1024], []], "Input type": ["float", "float", "Scalar"], "Ev Idx": ${own}`,
      );
    thread.nowNs += Math.floor(random() * 700);
  };
  return callTree;
}

/** @param {string} file */
function createWriter(file) {
  const descriptor = openSync(file, "w");
  let text = "";
  let bytes = 0;
  let events = 0;
  let spans = 0;
  /** @param {string} more */
  const append = (more) => {
    text += more;
    if (text.length < chunkCharacters) return;
    bytes += writeSync(descriptor, text);
    text = "";
  };
  const separator = () => (events++ === 0 ? "\n" : ",\n");
  /** @param {number} ns */
  const absolute = (ns) => `${epochUs + BigInt(Math.floor(ns / 1000))}.${String(ns % 1000).padStart(3, "0")}`;
  /** @param {string} name @param {number} pid @param {number} tid @param {string} args */
  const metadata = (name, pid, tid, args) =>
    append(
      `${separator()}  {\n    "name": "${name}", "ph": "M", "ts": ${epochUs}.000, "pid": ${pid}, "tid": ${tid},\n    "args": {\n      ${args}\n    }\n  }`,
    );
  return {
    get events() {
      return events;
    },
    begin() {
      append(
        '{\n  "schemaVersion": 1,\n  "deviceProperties": [\n    {\n      "id": 0, "name": "Simulated GPU", "totalGlobalMem": 85899345920\n    }\n  ],\n  "displayTimeUnit": "ms",\n  "traceEvents": [',
      );
      metadata("process_name", hostPid, 0, '"name": "python"');
      metadata("process_labels", 0, 0, '"labels": "GPU 0"');
      for (const tid of hostTids) metadata("thread_name", hostPid, tid, `"name": "thread ${tid} (python)"`);
      for (const id of streams) metadata("thread_name", 0, id, `"name": "stream ${id}"`);
    },
    /** @param {string} cat @param {string} name @param {number} pid @param {number} tid @param {number} startNs @param {number} endNs @param {string} args */
    span(cat, name, pid, tid, startNs, endNs, args) {
      spans++;
      const ns = endNs - startNs;
      append(
        `${separator()}  {\n    "ph": "X", "cat": "${cat}", "name": "${name}", "pid": ${pid}, "tid": ${tid},\n    "ts": ${absolute(startNs)}, "dur": ${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, "0")},\n    "args": {\n      ${args}\n    }\n  }`,
      );
    },
    /** @param {"s" | "f"} ph @param {number} id @param {number} pid @param {number} tid @param {number} ns */
    flow(ph, id, pid, tid, ns) {
      append(
        `${separator()}  {\n    "ph": "${ph}", "id": ${id}, "pid": ${pid}, "tid": ${tid}, "ts": ${absolute(ns)},\n    "cat": "ac2g", "name": "ac2g"${ph === "f" ? ', "bp": "e"' : ""}\n  }`,
      );
    },
    end() {
      append("\n  ]\n}\n");
      bytes += writeSync(descriptor, text);
      closeSync(descriptor);
      return { events, spans, bytes };
    },
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, events = "500000", seed = "1"] = process.argv.slice(2);
  if (file === undefined) throw new Error("expected: make-kineto-like.mjs FILE [EVENTS] [SEED]");
  process.stdout.write(`${JSON.stringify(makeKinetoLike(file, { events: Number(events), seed: Number(seed) }))}\n`);
}
