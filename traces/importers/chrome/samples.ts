import type { StringId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { parseExactTime } from "../json-scan/decimal.ts";
import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import {
  arrayOf,
  type JsonObject,
  type JsonValue,
  numberOf,
  objectOf,
  parseJson,
  textOf,
} from "../json-scan/json-value.ts";
import type { EventClock } from "./clock.ts";
import type { NameTable } from "./name-table.ts";
import { SampledStacks, type StackNode } from "./sampled-stacks.ts";
import type { Tracks } from "./tracks.ts";

/** Sampled stacks come below the threads of their process. */
const sampleSortIndex = 2 ** 30 - 1;

/** States of a V8 profile that are no code. */
const idleStates: ReadonlySet<string> = new Set(["(root)", "(idle)"]);

interface Profile {
  readonly pid: number;
  tid: number;
  readonly offset: number;
  /** Time of the last sample, µs on the clock of the file. */
  lastMicros: number;
  readonly nodes: Map<string, StackNode>;
  readonly stacks: SampledStacks;
}

/** Sampled stacks of a trace-event file: V8 profiles in P events, and the root members `samples` and `stackFrames`. */
export class Samples {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #clock: EventClock;
  readonly #names: NameTable;
  readonly #profiles = new Map<string, Profile>();
  #stackFrames: JsonObject | null = null;
  #samples: readonly JsonValue[] = [];

  constructor(builder: TraceBuilder, tracks: Tracks, clock: EventClock, names: NameTable) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#clock = clock;
    this.#names = names;
  }

  wants(key: string): boolean {
    return key === "samples" || key === "stackFrames";
  }

  readMember(key: string, value: Uint8Array): void {
    const parsed = parseJson(value);
    if (key === "stackFrames") this.#stackFrames = objectOf(parsed);
    else this.#samples = arrayOf(parsed) ?? [];
  }

  /** False when the event is no part of a profile. */
  addProfile(fields: EventFields, bytes: Uint8Array, name: string): boolean {
    if (name !== "Profile" && name !== "ProfileChunk" && name !== "CpuProfile") return false;
    const args = fields.argsEnd > 0 ? objectOf(parseJson(bytes, fields.argsStart, fields.argsEnd)) : null;
    const data = objectOf(args?.get("data"));
    const isWhole = name === "CpuProfile";
    if (isWhole && objectOf(data?.get("cpuProfile")) === null) return false;
    const profile = this.#profileOf(fields);
    // Whole profiles number their nodes each for itself.
    if (isWhole) profile.nodes.clear();
    // A chunk comes from the profiler's own thread; the first event tells whose stacks they are.
    if (name === "Profile") profile.tid = this.#tracks.threadOf(fields).tid;
    if (data !== null) this.#readChunk(profile, data);
    return true;
  }

  finish(): void {
    for (const profile of this.#profiles.values())
      this.#addTrack(profile.pid, profile.tid, profile.stacks, profile.offset);
    this.#readSamples();
  }

  #profileOf(fields: EventFields): Profile {
    const thread = this.#tracks.threadOf(fields);
    const hasId = fields.identityStates[IdentitySlot.id] !== FieldState.absent;
    const key = `${thread.process.pid} ${hasId ? fields.identities[IdentitySlot.id] : ""}`;
    let profile = this.#profiles.get(key);
    if (profile === undefined) {
      const { process, tid } = thread;
      profile = {
        pid: process.pid,
        tid,
        offset: fields.offset,
        lastMicros: 0,
        nodes: new Map(),
        stacks: new SampledStacks(),
      };
      this.#profiles.set(key, profile);
    }
    return profile;
  }

  #readChunk(profile: Profile, data: JsonObject): void {
    const cpuProfile = objectOf(data.get("cpuProfile")) ?? new Map<string, JsonValue>();
    // Times stand beside the profile in chunks, inside it in whole profiles.
    const of = (key: string): JsonValue | undefined => data.get(key) ?? cpuProfile.get(key);
    profile.lastMicros = numberOf(of("startTime")) ?? profile.lastMicros;
    this.#readNodes(profile, listOf(cpuProfile.get("nodes")));
    const deltas = listOf(of("timeDeltas"));
    for (const [index, sample] of listOf(cpuProfile.get("samples")).entries()) {
      profile.lastMicros += numberOf(deltas[index]) ?? 0;
      profile.stacks.add(this.#toNs(profile.lastMicros), profile.nodes.get(textOf(sample) ?? "") ?? null);
    }
    const endMicros = numberOf(of("endTime"));
    if (endMicros !== null) profile.stacks.endNs = this.#toNs(endMicros);
  }

  #readNodes(profile: Profile, entries: readonly JsonValue[]): void {
    const nodes = entries.flatMap((entry) => objectOf(entry) ?? []);
    const parents = new Map<string, string>();
    for (const node of nodes) {
      for (const child of listOf(node.get("children"))) parents.set(textOf(child) ?? "", textOf(node.get("id")) ?? "");
    }
    for (const node of nodes) {
      const id = textOf(node.get("id"));
      if (id === null) continue;
      const parent = profile.nodes.get(textOf(node.get("parent")) ?? parents.get(id) ?? "") ?? null;
      profile.nodes.set(id, {
        parent,
        name: this.#frameName(textOf(objectOf(node.get("callFrame"))?.get("functionName"))),
      });
    }
  }

  #frameName(name: string | null): StringId | null {
    if (name !== null && idleStates.has(name)) return null;
    return this.#names.intern(name === null || name === "" ? "(anonymous)" : name);
  }

  /** `samples`: [{pid, tid, ts, sf}], each until the next one of its thread; `stackFrames`: id → {name, parent}. */
  #readSamples(): void {
    const nodes = new Map<string, StackNode>();
    const threads = new Map<string, { readonly pid: number; readonly tid: number; readonly stacks: SampledStacks }>();
    let badTimes = 0;
    for (const entry of this.#samples) {
      const sample = objectOf(entry);
      const time = parseExactTime(textOf(sample?.get("ts")) ?? "", this.#clock.timeExponent);
      if (sample === null || typeof time === "string") {
        badTimes++;
        continue;
      }
      const pid = this.#identity(sample.get("pid"));
      const tid = this.#identity(sample.get("tid"));
      const key = `${pid} ${tid}`;
      const thread = threads.get(key) ?? { pid, tid, stacks: new SampledStacks() };
      threads.set(key, thread);
      thread.stacks.add(
        this.#clock.toNs(time.micros, time.nanos, time.remainder),
        this.#stackOf(textOf(sample.get("sf")), nodes),
      );
    }
    if (badTimes > 0)
      this.#builder.ledger.note("samplesWithoutTime", "samples whose time is no number were left out", -1, badTimes);
    for (const { pid, tid, stacks } of threads.values()) this.#addTrack(pid, tid, stacks, 0);
    this.#samples = [];
    this.#stackFrames = null;
  }

  #identity(value: JsonValue | undefined): number {
    const number = numberOf(value);
    return number !== null && Number.isSafeInteger(number) ? number : 0;
  }

  /** Node of a stack frame, its parents included; a parent that leads back to itself ends the stack. */
  #stackOf(id: string | null, nodes: Map<string, StackNode>): StackNode | null {
    const chain: { readonly id: string; readonly frame: JsonObject }[] = [];
    const seen = new Set<string>();
    let next = id;
    while (next !== null && !nodes.has(next) && !seen.has(next)) {
      const frame = objectOf(this.#stackFrames?.get(next));
      if (frame === null) break;
      seen.add(next);
      chain.push({ id: next, frame });
      next = textOf(frame.get("parent"));
    }
    let node = next === null || seen.has(next) ? null : (nodes.get(next) ?? null);
    for (const { id: frameId, frame } of chain.toReversed()) {
      node = { parent: node, name: this.#frameName(textOf(frame.get("name"))) };
      nodes.set(frameId, node);
    }
    return node;
  }

  #toNs(micros: number): number {
    const time = parseExactTime(String(micros));
    return typeof time === "string" ? 0 : this.#clock.toNs(time.micros, time.nanos, time.remainder);
  }

  #addTrack(pid: number, tid: number, stacks: SampledStacks, offset: number): void {
    if (stacks.length === 0) return;
    const process = this.#tracks.process(pid);
    const name = this.#tracks.thread(pid, tid).name ?? `thread ${this.#tracks.textOf(tid)}`;
    const track = this.#builder.addTrack({
      kind: "thread",
      name: `${name} (samples)`,
      detail: `samples of tid ${this.#tracks.textOf(tid)}`,
      parent: this.#tracks.processTrack(process),
      sortIndex: sampleSortIndex,
    });
    const inversions = stacks.countInversions();
    if (inversions > 0)
      this.#builder.ledger.note(
        "samplesReordered",
        "samples that stand before an earlier one were sorted",
        offset,
        inversions,
        "info",
      );
    stacks.addSpans(this.#builder, track, offset);
  }
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => arrayOf(value) ?? [];
