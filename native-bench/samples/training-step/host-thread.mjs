import { devicePid, hostPid, startOf, stream } from "./simulator.mjs";

/** @typedef {import("./simulator.mjs").SimulatedSpan} SimulatedSpan */
/** @typedef {{ name: string, us: number, grid?: number[], block?: number[], registers?: number, occupancy?: number }} Kernel */
/** @typedef {{ dims?: number[][], forward?: number, body?: () => void, us?: number }} OpOptions */

/** Calls of a profiled host cost about this many times those of an idle one. */
const profiledHost = 5.6;
/** CUPTI's numbers of the calls. */
const callIds = { cudaLaunchKernel: 211, cudaMemcpyAsync: 41, cudaMemsetAsync: 51, cudaStreamSynchronize: 131 };

/**
 * A thread of the host, with a clock of its own: it calls operations, and enqueues work on the device.
 * @param {import("./simulator.mjs").Simulator} simulator @param {number} tid @param {number} startNs
 */
export function createHostThread(simulator, tid, startNs) {
  const { spans, aroundNs } = simulator;
  let nowNs = startNs;
  /** @type {number[]} */
  const openOps = [];

  /** @param {string} cat @param {string} name @param {Record<string, unknown>} args @param {() => void} body @param {number} overheadUs */
  const span = (cat, name, args, body, overheadUs) => {
    const entry = { cat, name, pid: hostPid, tid, startNs: nowNs, endNs: nowNs, args };
    spans.push(entry);
    nowNs += aroundNs(overheadUs * profiledHost);
    body();
    nowNs += aroundNs(overheadUs * 0.4 * profiledHost);
    entry.endNs = nowNs;
    nowNs += aroundNs(0.3 * profiledHost);
    return entry;
  };
  /** @param {string} name @param {number} us @param {Record<string, unknown>} args */
  const runtime = (name, us, args) => {
    const entry = {
      cat: "cuda_runtime",
      name,
      pid: hostPid,
      tid,
      startNs: nowNs,
      endNs: nowNs + aroundNs(us * 1.4),
      args: { ...args, "External id": openOps.at(-1) ?? 0 },
    };
    spans.push(entry);
    nowNs = entry.endNs;
    return entry;
  };
  const enqueue = createQueue(
    simulator,
    (call, us, correlation) => runtime(call, us, { cbid: callIds[call], correlation }),
    () => openOps.at(-1) ?? 0,
  );

  return {
    now: () => nowNs,
    runtime,
    /** @param {number} timeNs */
    waitUntil: (timeNs) => void (nowNs = Math.max(nowNs, timeNs)),
    /** @param {number} us */
    pause: (us) => void (nowNs += aroundNs(us)),
    /** @param {string} name @param {() => void} body */
    annotate: (name, body) => span("user_annotation", name, {}, body, 2.5),
    /** @param {string} name @param {() => void} body */
    module: (name, body) => span("python_function", `nn.Module: ${name}`, {}, body, 3.4),
    /** @param {string} name @param {OpOptions} options */
    op: (name, { dims, forward, body = () => undefined, us = 2 } = {}) => {
      const id = simulator.nextExternalId();
      openOps.push(id);
      const args = {
        "External id": id,
        ...(dims && { "Input Dims": dims }),
        ...(forward !== undefined && { "Sequence number": forward }),
      };
      const entry = span("cpu_op", name, args, body, us);
      openOps.pop();
      return entry;
    },
    /** @param {Kernel} kernel */
    launch: (kernel, on = stream.compute) => enqueue("cudaLaunchKernel", "kernel", on, toWork(kernel)),
    /** @param {string} name @param {number} bytes @param {number} on */
    copy: (name, bytes, on) =>
      enqueue("cudaMemcpyAsync", "gpu_memcpy", on, {
        name,
        us: 1.5 + bytes / 22_000,
        args: { bytes, "memory bandwidth (GB/s)": 22 },
      }),
    /** @param {number} bytes */
    clear: (bytes) =>
      enqueue("cudaMemsetAsync", "gpu_memset", stream.compute, {
        name: "Memset (Device)",
        us: 1.2 + bytes / 900_000,
        args: { bytes },
      }),
    /**
     * Blocks until the stream has nothing left to do.
     * @param {number} on
     */
    synchronize: (on) => {
      const correlation = simulator.nextCorrelation();
      const entry = runtime("cudaStreamSynchronize", 2, { cbid: callIds.cudaStreamSynchronize, correlation });
      entry.endNs = Math.max(entry.endNs, simulator.freeAt(on) + aroundNs(4));
      nowNs = entry.endNs;
    },
  };
}

/** @param {Kernel} kernel */
function toWork({ name, us, grid = [Math.ceil(us * 18), 1, 1], block = [256, 1, 1], registers = 32, occupancy = 62 }) {
  const args = {
    grid,
    block,
    "registers per thread": registers,
    "shared memory": 0,
    "est. achieved occupancy %": occupancy,
  };
  return { name, us, args };
}

/** @typedef {ReturnType<typeof createHostThread>} HostThread */

/**
 * @param {import("./simulator.mjs").Simulator} simulator
 * @param {(call: keyof typeof callIds, us: number, correlation: number) => SimulatedSpan} launch
 * @param {() => number} openOp
 */
function createQueue(simulator, launch, openOp) {
  const { spans, flows, aroundNs } = simulator;
  /** @param {keyof typeof callIds} call @param {string} cat @param {number} on @param {{ name: string, us: number, args: object }} work */
  return (call, cat, on, { name, us, args }) => {
    const correlation = simulator.nextCorrelation();
    const caller = launch(call, call === "cudaLaunchKernel" ? 3.6 : 5.5, correlation);
    const startNs = Math.max(caller.endNs + aroundNs(2.4), simulator.freeAt(on) + aroundNs(0.7));
    const device = { device: 0, context: 1, stream: on, correlation, "External id": openOp() };
    const work = {
      cat,
      name,
      pid: devicePid,
      tid: on,
      startNs,
      endNs: startNs + aroundNs(us),
      args: { ...args, ...device },
    };
    spans.push(work);
    simulator.keepBusyUntil(on, work.endNs);
    flows.push({ cat: "ac2g", id: correlation, from: startOf(caller), to: startOf(work) });
  };
}
