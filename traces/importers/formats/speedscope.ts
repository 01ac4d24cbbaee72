import { createJsonExpectation, type JsonExpectation } from "../../io/json-expectation.ts";
import { TraceFormatError } from "../../model/errors.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { SampledStacks } from "../chrome/sampled-stacks.ts";
import type { Importer } from "../importer.ts";
import { readJsonDocument } from "../json-document.ts";
import { peekJson } from "../json-scan/peek.ts";
import { axisFact, type AxisUnit, axisUnitOf, withUnit } from "../stacks/axis-unit.ts";
import { CallPaths, createFrame, type Frame } from "../stacks/call-paths.ts";
import { addStackSpans, WeightedStacks } from "../stacks/stack-track.ts";

/*
 * | speedscope                                   | trace                                                           |
 * | -------------------------------------------- | --------------------------------------------------------------- |
 * | profiles[]                                   | a thread track each, by name                                    |
 * | shared.frames[].name; .file, .line           | name; category, "file.js:12"                                    |
 * | "evented": events O and C of a frame, at     | a span from O to C; frames left open end at endValue, counted   |
 * | "sampled": samples[i], weights[i]            | stacks one behind the other from startValue on                  |
 * | unit: nanoseconds … seconds                  | times, rounded to ns                                            |
 * | unit: bytes, none                            | one unit is drawn as 1 ns; the track's name and a fact say so   |
 * | exporter                                     | producer                                                        |
 * | activeProfileIndex, col, isRecursive         | not read                                                        |
 */

const format = "speedscope";
const what = "a speedscope profile";

/** speedscope's own file format, evented and sampled. */
export const speedscope: Importer = {
  id: format,
  label: "speedscope profile (JSON)",
  shortNames: ["speedscope"],
  extensions: ["json", "speedscope.json"],
  sniff(head) {
    const { root, keys } = peekJson(head);
    if (root !== "object" || keys.includes("traceEvents")) return 0;
    const names = new TextDecoder("latin1").decode(head).includes("speedscope.app/file-format-schema.json");
    if (names) return 0.97;
    return keys.includes("profiles") && keys.includes("shared") ? 0.8 : 0;
  },
  async read(source, builder, context) {
    const { root, size } = await readJsonDocument(source, context, format, what);
    const reader = new ProfileReader(builder, createJsonExpectation({ format, of: what, byteOffset: size }), size);
    const units = reader.read(root);
    const facts = units.flatMap((unit) => axisFact(unit) ?? []);
    const exporter = (root as { readonly exporter?: unknown }).exporter;
    return {
      name: context.fileName,
      format,
      formatLabel: "speedscope profile",
      ...(typeof exporter === "string" && { producer: exporter }),
      facts: facts.length === 2 ? [[facts[0], facts[1]] as const] : [],
    };
  },
};

class ProfileReader {
  readonly #builder: TraceBuilder;
  readonly #expect: JsonExpectation;
  readonly #size: number;
  #frames: readonly Frame[] = [];

  constructor(builder: TraceBuilder, expect: JsonExpectation, size: number) {
    this.#builder = builder;
    this.#expect = expect;
    this.#size = size;
  }

  /** Returns the units of the profiles that count no time, each once. */
  read(root: unknown): readonly AxisUnit[] {
    const { object, list, text } = this.#expect;
    const file = object("the root", root);
    this.#frames = list("shared.frames", object("shared", file["shared"])["frames"], (value, at) => {
      const frame = object(at, value);
      const place = typeof frame["file"] === "string" ? (frame["file"].split("/").at(-1) ?? "") : "";
      const line = typeof frame["line"] === "number" ? `:${frame["line"]}` : "";
      return createFrame(this.#builder, text(`${at}.name`, frame["name"]), place === "" ? "" : `${place}${line}`);
    });
    this.#builder.ledger.read(this.#frames.length);
    this.#builder.ledger.metadata(this.#frames.length);
    const title = typeof file["name"] === "string" && file["name"] !== "" ? file["name"] : "profile";
    const process = this.#builder.addTrack({ kind: "process", name: title });
    const units = new Map<string, AxisUnit>();
    list("profiles", file["profiles"], (value, at) => {
      const unit = this.#readProfile(object(at, value), at, process);
      if (!unit.isTime) units.set(unit.label, unit);
      return null;
    });
    return [...units.values()];
  }

  #readProfile(profile: Readonly<Record<string, unknown>>, at: string, process: TrackId): AxisUnit {
    const { text, error } = this.#expect;
    const unit = axisUnitOf(text(`${at}.unit`, profile["unit"]));
    const name = typeof profile["name"] === "string" && profile["name"] !== "" ? profile["name"] : at;
    const track = this.#builder.addTrack({ kind: "thread", name: withUnit(name, unit), parent: process });
    switch (profile["type"]) {
      case "evented":
        this.#readEvents(profile, at, track, unit);
        return unit;
      case "sampled":
        this.#readSamples(profile, at, track, unit);
        return unit;
      default:
        throw error(`${at}.type`, '"evented" or "sampled"');
    }
  }

  #readEvents(profile: Readonly<Record<string, unknown>>, at: string, track: TrackId, unit: AxisUnit): void {
    const { number, object } = this.#expect;
    const calls: { readonly frame: number; readonly startNs: number; endNs: number }[] = [];
    const open: (typeof calls)[number][] = [];
    const close = (endNs: number): void => {
      const top = open.pop();
      if (top !== undefined) top.endNs = endNs;
    };
    let before = -Infinity;
    this.#expect.list(`${at}.events`, profile["events"], (value, where) => {
      const event = object(where, value);
      const frame = this.#frameAt(event["frame"], `${where}.frame`);
      const time = number(`${where}.at`, event["at"]);
      if (time < before) throw this.#refuse(where, `a time from ${before} on`, String(time));
      before = time;
      const timeNs = this.#toNs(time, unit);
      this.#builder.ledger.read();
      if (event["type"] === "O") {
        const call = { frame, startNs: timeNs, endNs: timeNs };
        calls.push(call);
        open.push(call);
      } else if (event["type"] !== "C")
        throw this.#refuse(where, 'type "O" or "C"', JSON.stringify(event["type"] ?? null));
      else if (open.at(-1)?.frame !== frame) {
        const top = open.at(-1);
        throw this.#refuse(
          where,
          top === undefined ? "no end, since nothing is open" : `the end of frame ${top.frame}, which opened last`,
          `the end of frame ${frame}`,
        );
      } else {
        this.#builder.ledger.foldedIn();
        close(timeNs);
      }
      return null;
    });
    this.#builder.ledger.note(
      "unclosedFrames",
      "functions that the profile leaves open; they end where it ends",
      -1,
      open.length,
    );
    const end = this.#toNs(Math.max(before, number(`${at}.endValue`, profile["endValue"])), unit);
    while (open.length > 0) close(end);
    // In the order of their begins, as of spans of equal times the first is the outer one.
    for (const { frame, startNs, endNs } of calls) this.#addSpan(track, frame, startNs, endNs);
  }

  #readSamples(profile: Readonly<Record<string, unknown>>, at: string, track: TrackId, unit: AxisUnit): void {
    const { number, list } = this.#expect;
    const weights = list(`${at}.weights`, profile["weights"], (weight, where) => {
      const value = number(where, weight);
      if (value < 0) throw this.#refuse(where, "a weight of 0 or more", String(value));
      return value;
    });
    const paths = new CallPaths(this.#frames);
    const stacks = new SampledStacks();
    const weighted = new WeightedStacks(stacks, unit.nsPerUnit, number(`${at}.startValue`, profile["startValue"]));
    const samples = list(`${at}.samples`, profile["samples"], (value, where) =>
      list(where, value, (frame) => this.#frameAt(frame, where)),
    );
    if (samples.length !== weights.length)
      throw this.#refuse(`${at}.weights`, `${samples.length} weights, one a sample`, String(weights.length));
    for (const [index, sample] of samples.entries()) weighted.add(paths.nodeOf(sample), weights[index]);
    this.#builder.ledger.read(samples.length);
    this.#builder.ledger.foldedIn(samples.length);
    this.#noteRounded(weighted.roundedCount);
    addStackSpans(this.#builder, track, stacks);
  }

  #addSpan(track: TrackId, frame: number, startNs: number, endNs: number): void {
    const { name, category } = this.#frames[frame];
    // States that are no code (root, idle) have no name.
    const id = name ?? this.#builder.intern("(idle)");
    this.#builder.addSpan(track, startNs, endNs - startNs, id, SpanKind.other, category, 0);
  }

  #frameAt(value: unknown, where: string): number {
    const frame = this.#expect.number(where, value);
    if (Number.isInteger(frame) && frame >= 0 && frame < this.#frames.length) return frame;
    throw this.#refuse(where, `a frame below ${this.#frames.length}`, String(frame));
  }

  #toNs(value: number, { nsPerUnit }: AxisUnit): number {
    const ns = value * nsPerUnit;
    const rounded = Math.round(ns);
    if (Math.abs(ns - rounded) > roundingSlack) this.#noteRounded(1);
    return rounded;
  }

  #noteRounded(count: number): void {
    this.#builder.ledger.note("rounded", "times or weights finer than 1 ns were rounded", -1, count, "info");
  }

  #refuse(where: string, wanted: string, found: string): TraceFormatError {
    return new TraceFormatError(`expected ${wanted} at "${where}" of ${what}, found ${found}`, {
      format,
      byteOffset: this.#size,
    });
  }
}

/** Decimal seconds in a double miss whole ns by less than this for some hours. */
const roundingSlack = 1e-3;
