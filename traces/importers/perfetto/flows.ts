import type { StringId, TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { NumberList } from "../chrome/growable.ts";

type Id = number | bigint;
type Role = "start" | "step" | "end";

/** How an event stands to an arrow that it names. `passing`: where it comes in time tells whether it begins it. */
export const FlowPart = { passing: 0, terminating: 1, start: 2, end: 3 } as const;
export type FlowPart = (typeof FlowPart)[keyof typeof FlowPart];

/** Arrows of a trace. Those of spans that are not made yet are kept until `finish`. */
export class Flows {
  readonly #builder: TraceBuilder;
  readonly #name: StringId;
  readonly #keys = new Map<Id | string, number>();
  readonly #key = new NumberList();
  readonly #timeNs = new NumberList();
  readonly #part = new NumberList();
  readonly #span = new NumberList();
  readonly #track = new NumberList();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
    this.#name = builder.intern("flow");
  }

  /** An arrow that begins, passes or ends at an event. Returns its number, for `setSpan`. */
  add(id: Id | string, part: FlowPart, timeNs: number): number {
    this.#key.push(this.#keyOf(id));
    this.#timeNs.push(timeNs);
    this.#part.push(part);
    this.#span.push(-1);
    this.#track.push(0);
    this.#builder.ledger.read();
    return this.#key.length - 1;
  }

  /** Tells the span (builder-internal index) that an arrow belongs to. */
  setSpan(flow: number, span: number, track: TrackId): void {
    this.#span.set(flow, span);
    this.#track.set(flow, track);
  }

  /** An arrow of the old form, which is an event of its own. */
  addLegacy(id: string, role: Role, track: TrackId, timeNs: number, name: StringId, bind: "enclosing" | "next"): void {
    this.#builder.addFlowEnd(this.#keyOf(id), role, track, timeNs, name, bind);
  }

  /** Gives every end its role by its place in time, and hands it to the builder. */
  finish(): void {
    const order = Uint32Array.from({ length: this.#key.length }, (_, i) => i);
    order.sort((a, b) => this.#key.at(a) - this.#key.at(b) || this.#timeNs.at(a) - this.#timeNs.at(b) || a - b);
    let key = -1;
    let isOpen = false;
    for (const flow of order) {
      if (this.#key.at(flow) !== key) isOpen = false;
      key = this.#key.at(flow);
      const role = roleOf(this.#part.at(flow) as FlowPart, isOpen);
      isOpen = role !== "end";
      const span = this.#span.at(flow);
      const bind = span < 0 ? "enclosing" : span;
      this.#builder.addFlowEnd(key, role, this.#track.at(flow) as TrackId, this.#timeNs.at(flow), this.#name, bind);
    }
  }

  #keyOf(id: Id | string): number {
    let key = this.#keys.get(id);
    if (key === undefined) {
      key = this.#keys.size;
      this.#keys.set(id, key);
    }
    return key;
  }
}

function roleOf(part: FlowPart, isOpen: boolean): Role {
  if (part === FlowPart.terminating || part === FlowPart.end) return "end";
  return part === FlowPart.start || !isOpen ? "start" : "step";
}
