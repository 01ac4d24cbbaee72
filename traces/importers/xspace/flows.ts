import type { StringId, TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";

/** Directions of the stat "flow": two bits, below 56 bits of id and 6 of category. */
const flowIn = 1;
const flowOut = 2;
const flowInAndOut = 3;

/** Arrows of an XSpace file: producers and consumers of one context, and the ends of numbered flows. */
export class Flows {
  readonly #builder: TraceBuilder;
  readonly #keys = new Map<string, number>();
  readonly #contextName: StringId;
  readonly #flowName: StringId;

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
    this.#contextName = builder.intern("context");
    this.#flowName = builder.intern("flow");
  }

  /** `host`: contexts of different hosts have nothing in common. */
  addContext(
    role: "start" | "end",
    host: number,
    type: number | bigint,
    id: number | bigint,
    track: TrackId,
    timeNs: number,
  ): void {
    this.#add(role, `${host} ${type} ${id}`, track, timeNs, this.#contextName);
  }

  /** Ids of flows are hashes of 56 bits: equal ones of different hosts are one flow. False: the flow has no direction. */
  addFlow(encoded: number | bigint, track: TrackId, timeNs: number): boolean {
    const bits = BigInt(encoded);
    const id = (bits >> 2n) & (2n ** 56n - 1n);
    const direction = Number(bits & 3n);
    const role =
      direction === flowOut ? "start" : direction === flowIn ? "end" : direction === flowInAndOut ? "step" : null;
    if (role === null) return false;
    this.#add(role, `flow ${id}`, track, timeNs, this.#flowName);
    return true;
  }

  #add(role: "start" | "step" | "end", text: string, track: TrackId, timeNs: number, name: StringId): void {
    let key = this.#keys.get(text);
    if (key === undefined) {
      key = this.#keys.size;
      this.#keys.set(text, key);
    }
    this.#builder.ledger.read();
    this.#builder.addFlowEnd(key, role, track, timeNs, name, "enclosing");
  }
}
