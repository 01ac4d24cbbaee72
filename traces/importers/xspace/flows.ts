import type { StringId, TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";

/** Directions of the stat "flow": two bits, below 56 bits of id and 6 of category. */
const flowIn = 1;
const flowOut = 2;
const flowInAndOut = 3;

/** The span that an arrow begins or ends at. */
export interface FlowPlace {
  readonly track: TrackId;
  readonly timeNs: number;
  /** Builder-internal index. */
  readonly span: number;
}

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
  addContext(role: "start" | "end", host: number, type: number | bigint, id: number | bigint, end: FlowPlace): void {
    this.#add(role, `${host} ${type} ${id}`, end, this.#contextName);
  }

  /** Ids of flows are hashes of 56 bits: equal ones of different hosts are one flow. False: the flow has no direction. */
  addFlow(encoded: number | bigint, end: FlowPlace): boolean {
    const bits = BigInt(encoded);
    const id = (bits >> 2n) & (2n ** 56n - 1n);
    const direction = Number(bits & 3n);
    const role =
      direction === flowOut ? "start" : direction === flowIn ? "end" : direction === flowInAndOut ? "step" : null;
    if (role === null) return false;
    this.#add(role, `flow ${id}`, end, this.#flowName);
    return true;
  }

  #add(role: "start" | "step" | "end", text: string, end: FlowPlace, name: StringId): void {
    let key = this.#keys.get(text);
    if (key === undefined) {
      key = this.#keys.size;
      this.#keys.set(text, key);
    }
    this.#builder.ledger.read();
    this.#builder.addFlowEnd(key, role, end.track, end.timeNs, name, end.span);
  }
}
