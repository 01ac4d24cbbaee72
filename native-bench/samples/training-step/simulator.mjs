import { createRandom } from "../seeded-random.mjs";

/** @typedef {{ cat: string, name: string, pid: number, tid: number, startNs: number, endNs: number, args: Record<string, unknown> }} SimulatedSpan */
/** @typedef {{ cat: "ac2g" | "fwdbwd", id: number, from: { pid: number, tid: number, timeNs: number }, to: { pid: number, tid: number, timeNs: number } }} SimulatedFlow */
/** @typedef {{ name: string, us: number, grid?: number[], block?: number[], registers?: number, occupancy?: number }} Kernel */

export const hostPid = 4242;
export const devicePid = 0;
/** Calls of a profiled host cost about this many times those of an idle one. */
const profiledHost = 5.6;

export const stream = { compute: 7, copy: 13, nccl: 20 };

/**
 * A host whose threads call operations and enqueue work, and a device whose streams run it in order. Every thread and
 * stream has its own clock, in whole ns; work starts when it is enqueued, its stream is free, and what it waits for is done.
 * @param {number} seed
 */
export function createSimulator(seed) {
  const random = createRandom(seed);
  /** @type {SimulatedSpan[]} */
  const spans = [];
  /** @type {SimulatedFlow[]} */
  const flows = [];
  const freeAtNs = new Map(Object.values(stream).map((id) => [id, 0]));
  let correlation = 100;
  let sequence = 0;

  /** A duration around `us`, skewed to longer ones like those of real calls. */
  const aroundNs = (us) => Math.max(1, Math.round(us * 1000 * (0.85 + 0.25 * random() + 0.6 * random() ** 8)));

  /** @param {number} tid @param {number} startNs */
  const createThread = (tid, startNs) => {
    let nowNs = startNs;
    /** @type {number[]} */
    const externalIds = [];

    const span = (cat, name, args, body, overheadUs = 2) => {
      const entry = { cat, name, pid: hostPid, tid, startNs: nowNs, endNs: nowNs, args };
      spans.push(entry);
      nowNs += aroundNs(overheadUs * profiledHost);
      body?.();
      nowNs += aroundNs(overheadUs * 0.4 * profiledHost);
      entry.endNs = nowNs;
      nowNs += aroundNs(0.3 * profiledHost);
      return entry;
    };
    const runtime = (name, us, args = {}) => {
      const entry = { cat: "cuda_runtime", name, pid: hostPid, tid, startNs: nowNs, endNs: nowNs + aroundNs(us * 1.4), args: { ...args, "External id": externalIds.at(-1) ?? 0 } };
      spans.push(entry);
      nowNs = entry.endNs;
      return entry;
    };
    /** Enqueues device work and returns when it ends there. */
    const enqueue = (call, cat, on, kernel, args) => {
      const id = correlation++;
      const launch = runtime(call, call === "cudaLaunchKernel" ? 3.6 : 5.5, { cbid: call === "cudaLaunchKernel" ? 211 : 41, correlation: id });
      const startNs = Math.max(launch.endNs + aroundNs(2.4), (freeAtNs.get(on) ?? 0) + aroundNs(0.7));
      const work = { cat, name: kernel.name, pid: devicePid, tid: on, startNs, endNs: startNs + aroundNs(kernel.us), args: { ...args, device: 0, context: 1, stream: on, correlation: id, "External id": externalIds.at(-1) ?? 0 } };
      spans.push(work);
      freeAtNs.set(on, work.endNs);
      flows.push({ cat: "ac2g", id, from: { pid: hostPid, tid, timeNs: launch.startNs }, to: { pid: devicePid, tid: on, timeNs: startNs } });
      nowNs += aroundNs(0.5);
      return work;
    };

    return {
      tid,
      now: () => nowNs,
      waitUntil: (timeNs) => {
        nowNs = Math.max(nowNs, timeNs);
      },
      pause: (us) => {
        nowNs += aroundNs(us);
      },
      /** @param {string} name @param {(() => void)=} body */
      annotate: (name, body, cat = "user_annotation") => span(cat, name, {}, body, 2.5),
      module: (name, body) => span("python_function", `nn.Module: ${name}`, {}, body, 3.4),
      runtime,
      /** @param {string} name @param {{ dims?: number[][], forward?: number, body?: () => void, us?: number }=} options */
      op: (name, { dims, forward, body, us } = {}) => {
        const id = 1000 + sequence++;
        externalIds.push(id);
        const entry = span("cpu_op", name, { "External id": id, ...(dims && { "Input Dims": dims }) }, body, us);
        externalIds.pop();
        if (forward !== undefined) entry.args["Sequence number"] = forward;
        return entry;
      },
      /** @param {Kernel} kernel */
      launch: (kernel, on = stream.compute) => {
        const grid = kernel.grid ?? [Math.ceil(kernel.us * 18), 1, 1];
        const block = kernel.block ?? [256, 1, 1];
        return enqueue("cudaLaunchKernel", "kernel", on, kernel, {
          grid, block, "registers per thread": kernel.registers ?? 32, "shared memory": 0, "est. achieved occupancy %": kernel.occupancy ?? 62,
        });
      },
      copy: (name, bytes, on) => enqueue("cudaMemcpyAsync", "gpu_memcpy", on, { name, us: 1.5 + bytes / 22_000 }, { bytes, "memory bandwidth (GB/s)": 22 }),
      clear: (bytes) => enqueue("cudaMemsetAsync", "gpu_memset", stream.compute, { name: "Memset (Device)", us: 1.2 + bytes / 900_000 }, { bytes }),
      /** Blocks the thread until the stream has nothing left to do. */
      synchronize: (on) => {
        const startNs = nowNs;
        const endNs = Math.max(startNs + aroundNs(2), (freeAtNs.get(on) ?? 0) + aroundNs(4));
        spans.push({ cat: "cuda_runtime", name: "cudaStreamSynchronize", pid: hostPid, tid, startNs, endNs, args: { cbid: 131, correlation: correlation++, "External id": externalIds.at(-1) ?? 0 } });
        nowNs = endNs;
      },
    };
  };

  return {
    spans,
    flows,
    random,
    aroundNs,
    createThread,
    freeAt: (on) => freeAtNs.get(on) ?? 0,
    /** What is enqueued on `waiting` from now on starts after what is on `on` now. */
    streamWaits: (waiting, on) => freeAtNs.set(waiting, Math.max(freeAtNs.get(waiting) ?? 0, freeAtNs.get(on) ?? 0)),
    /** Joins a forward operation with the backward one that undoes it. */
    linkBackward: (id, forward, backward) =>
      flows.push({
        cat: "fwdbwd", id,
        from: { pid: hostPid, tid: forward.tid, timeNs: forward.startNs },
        to: { pid: hostPid, tid: backward.tid, timeNs: backward.startNs },
      }),
  };
}
