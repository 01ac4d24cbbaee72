import { createJsonExpectation, type JsonExpectation } from "../../io/json-expectation.ts";
import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { SampledStacks, type StackNode } from "../chrome/sampled-stacks.ts";
import { readGeckoThread } from "../firefox/gecko-thread.ts";
import { readProcessedThread } from "../firefox/processed-thread.ts";
import { addMarkers } from "../firefox/marker-track.ts";
import type { ThreadTables } from "../firefox/thread-tables.ts";
import type { Importer } from "../importer.ts";
import { readJsonDocument } from "../json-document.ts";
import { peekJson } from "../json-scan/peek.ts";
import { createFrame } from "../stacks/call-paths.ts";
import { addStackSpans } from "../stacks/stack-track.ts";

/*
 * | Firefox profile (Gecko, or processed by profiler.firefox.com) | trace                                            |
 * | -------------------------------------------------------------- | ------------------------------------------------ |
 * | profile.threads[], processes[].threads[] (Gecko)               | a thread track each, below its process           |
 * | samples: stack, time (ms); positions come from the schema      | the stack from its time until the next sample's  |
 * | stackTable, frameTable, stringTable (funcTable in processed)   | call paths; "name (file:line)" is split          |
 * | meta.startTime (Unix ms) of each process                       | origin as Unix time, offsets between processes   |
 * | meta.product, .version                                         | producer                                         |
 * | markers: phase instant                                         | instant on a track beside the samples            |
 * | markers: interval; start and end of an interval, by name       | span on that track                               |
 * | marker category, by meta.categories or by its data             | category                                         |
 * | data of markers, counters, libs, extensions                    | not read                                         |
 */

const format = "firefox";
const what = "a Firefox profile";

type JsonRecord = Readonly<Record<string, unknown>>;

/** Profiles of Firefox: as the browser writes them, from its old tools, and as profiler.firefox.com saves them. */
export const firefox: Importer = {
  id: format,
  label: "Firefox profile (JSON)",
  shortNames: ["Firefox"],
  extensions: ["json", "gz"],
  sniff(head) {
    const { root, keys } = peekJson(head);
    if (root !== "object" || keys.includes("traceEvents")) return 0;
    const text = new TextDecoder("latin1").decode(head);
    const isGecko = /"(?:product|toolkit|oscpu|preprocessedProfileVersion|geckoProfilerVersion|stackwalk)"\s*:/.test(
      text,
    );
    if (keys.includes("meta") && (keys.includes("libs") || keys.includes("threads"))) return isGecko ? 0.9 : 0.6;
    if (keys.includes("profile") && keys.includes("label")) return 0.9;
    return (keys.includes("meta") || keys.includes("libs")) && isGecko ? 0.7 : 0;
  },
  async read(source, builder, context) {
    const { root, size } = await readJsonDocument(source, context, format, what);
    const expect = createJsonExpectation({ format, of: what, byteOffset: size });
    const file = expect.object("the root", root);
    // The tools of Firefox up to 80 wrote the profile into a member of its own.
    const profile = file["profile"] === undefined ? file : expect.object("profile", file["profile"]);
    const meta = expect.object("meta", profile["meta"]);
    const startMs = expect.number("meta.startTime", meta["startTime"]);
    builder.setClock(BigInt(Math.round(startMs * 1000)) * 1000n, 0n);
    const reader = new ProcessReader(builder, expect, startMs);
    reader.read(profile, "");
    const product = typeof meta["product"] === "string" ? meta["product"] : "Firefox";
    return {
      name: context.fileName,
      format,
      formatLabel: "Firefox profile",
      producer: typeof meta["misc"] === "string" ? `${product} ${meta["misc"].replace(/^rv:/, "")}` : product,
      facts: typeof meta["interval"] === "number" ? [["sampling interval", `${meta["interval"]} ms`]] : [],
    };
  },
};

class ProcessReader {
  readonly #builder: TraceBuilder;
  readonly #expect: JsonExpectation;
  readonly #startMs: number;
  readonly #processes = new Map<string, TrackId>();
  /** Names of the categories of the process that is being read. */
  #categories: readonly string[] = [];

  constructor(builder: TraceBuilder, expect: JsonExpectation, startMs: number) {
    this.#builder = builder;
    this.#expect = expect;
    this.#startMs = startMs;
  }

  /** A profile, and those of its child processes. */
  read(profile: JsonRecord, at: string): void {
    const { list, object } = this.#expect;
    const meta = profile["meta"] === undefined ? {} : object(`${at}meta`, profile["meta"]);
    const offsetMs = typeof meta["startTime"] === "number" ? meta["startTime"] - this.#startMs : 0;
    this.#categories = namesOf(meta["categories"]);
    list(`${at}threads`, profile["threads"], (value, where) => {
      this.#readThread(object(where, value), where, profile, offsetMs);
      return null;
    });
    if (!Array.isArray(profile["processes"])) return;
    for (const [index, child] of profile["processes"].entries())
      this.read(object(`${at}processes[${index}]`, child), `${at}processes[${index}].`);
  }

  #readThread(thread: JsonRecord, where: string, profile: JsonRecord, offsetMs: number): void {
    const samples = this.#expect.object(`${where}.samples`, thread["samples"]);
    const tables =
      samples["schema"] === undefined
        ? readProcessedThread(thread, samples, profile["shared"], this.#categories, where, this.#expect)
        : readGeckoThread(thread, samples, this.#categories, where, this.#expect);
    const { ledger } = this.#builder;
    const count = tables.sampleStacks.length;
    ledger.read(count);
    const nodes = this.#nodesOf(tables);
    const stacks = new SampledStacks();
    let unknown = 0;
    for (let i = 0; i < count; i++) {
      const stack = tables.sampleStacks[i];
      const timeMs = tables.sampleTimesMs[i];
      if (timeMs === undefined || (stack !== null && nodes[stack] === undefined)) unknown++;
      else stacks.add(Math.round((timeMs + offsetMs) * 1e6), stack === null ? null : nodes[stack]);
    }
    ledger.foldedIn(count - unknown);
    ledger.dropped("unknownStack", "samples without a time, or of a stack that the profile does not list", -1, unknown);
    const addTrack = (what: string): TrackId =>
      this.#builder.addTrack({
        kind: "thread",
        name: `${nameOf(thread)} (${what})`,
        detail: `tid ${idOf(thread["tid"])}`,
        parent: this.#processOf(thread),
      });
    if (stacks.length > 0) addStackSpans(this.#builder, addTrack("samples"), stacks);
    addMarkers(this.#builder, tables.markers, offsetMs, () => addTrack("markers"));
  }

  #processOf(thread: JsonRecord): TrackId {
    const pid = idOf(thread["pid"]);
    let process = this.#processes.get(pid);
    if (process === undefined) {
      const type = thread["processName"] ?? thread["processType"];
      const name = typeof type === "string" && type !== "default" ? type : "Firefox";
      process = this.#builder.addTrack({ kind: "process", name: `${name} ${pid}`.trim(), detail: `pid ${pid}` });
      this.#processes.set(pid, process);
    }
    return process;
  }

  /** Prefixes stand before the stacks that have them; one that does not is refused by the tables. */
  #nodesOf({ stackFrames, stackPrefixes, frameNames }: ThreadTables): readonly StackNode[] {
    const frames = frameNames
      .map((name) => splitLocation(name))
      .map(([name, place]) => createFrame(this.#builder, name, place));
    const nodes: StackNode[] = [];
    for (const [index, frame] of stackFrames.entries()) {
      const prefix = stackPrefixes[index];
      nodes.push({ parent: prefix === null ? null : nodes[prefix], ...frames[frame] });
    }
    return nodes;
  }
}

/** Names of a list of named things; texts that are none are empty. */
const namesOf = (list: unknown): readonly string[] =>
  Array.isArray(list)
    ? list.map((each: unknown) => {
        const name = typeof each === "object" && each !== null && "name" in each ? each.name : "";
        return typeof name === "string" ? name : "";
      })
    : [];

/** Numbers in the browser's own files, texts in saved ones. */
const idOf = (value: unknown): string => (typeof value === "number" || typeof value === "string" ? String(value) : "");

function nameOf(thread: JsonRecord): string {
  const { name } = thread;
  return typeof name === "string" && name !== "" ? name : "thread";
}

/** "alpha (http://host/simple.js:1:14)" → name and "simple.js:1". */
function splitLocation(location: string): [name: string, place: string] {
  const match = /^(.*?)\s*\(([^()]*)\)$/s.exec(location);
  if (match === null || match[1] === "") return [location, ""];
  const file = match[2].split(" -> ").at(-1)?.split("/").at(-1) ?? "";
  return [match[1], file.replace(/^([^:]*:\d+):\d+$/, "$1")];
}
