import { createRandom } from "../seeded-random.mjs";

/** @typedef {{ cat: string, name: string, pid: number, tid: number, startNs: number, endNs: number, args: Record<string, unknown> }} SimulatedSpan */
/** @typedef {{ pid: number, tid: number, timeNs: number }} FlowEnd */
/** @typedef {{ cat: "ac2g" | "fwdbwd", id: number, from: FlowEnd, to: FlowEnd }} SimulatedFlow */

export const hostPid = 4242;
export const devicePid = 0;
export const stream = { compute: 7, copy: 13, nccl: 20 };

/**
 * What host threads and device streams share: the spans and flows so far, when each stream is free, and the ids.
 * Times are whole ns. Work starts when it is enqueued and its stream is free.
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
  let externalId = 1000;
  return {
    spans,
    flows,
    nextCorrelation: () => correlation++,
    nextExternalId: () => externalId++,
    /**
     * A duration around `us`, skewed to longer ones like those of real calls.
     * @param {number} us
     */
    aroundNs: (us) => {
      const spread = 0.85 + 0.25 * random();
      // Plain products: the eighth power may differ in its last bit between engines.
      const tail = random();
      const fourth = tail * tail * tail * tail;
      return Math.max(1, Math.round(us * 1000 * (spread + 0.6 * fourth * fourth)));
    },
    /** @param {number} on */
    freeAt: (on) => freeAtNs.get(on) ?? 0,
    /** @param {number} on @param {number} timeNs */
    keepBusyUntil: (on, timeNs) => void freeAtNs.set(on, timeNs),
    /**
     * What is enqueued on `waiting` from now on starts after what is on `on` now.
     * @param {number} waiting @param {number} on
     */
    streamWaits: (waiting, on) =>
      void freeAtNs.set(waiting, Math.max(freeAtNs.get(waiting) ?? 0, freeAtNs.get(on) ?? 0)),
    /**
     * Joins a forward operation with the backward one that undoes it.
     * @param {number} id @param {SimulatedSpan} forward @param {SimulatedSpan} backward
     */
    linkBackward: (id, forward, backward) =>
      void flows.push({ cat: "fwdbwd", id, from: startOf(forward), to: startOf(backward) }),
  };
}

/** @typedef {ReturnType<typeof createSimulator>} Simulator */

/** @param {SimulatedSpan} span @returns {FlowEnd} */
export const startOf = ({ pid, tid, startNs }) => ({ pid, tid, timeNs: startNs });
