import { createJsonExpectation, type JsonExpectation } from "../../io/json-expectation.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { SampledStacks, type StackNode } from "../chrome/sampled-stacks.ts";
import type { Importer } from "../importer.ts";
import { readJsonDocument } from "../json-document.ts";
import { peekJson } from "../json-scan/peek.ts";
import { createFrame } from "../stacks/call-paths.ts";
import { addStackSpans } from "../stacks/stack-track.ts";

/*
 * | .cpuprofile                                      | trace                                                        |
 * | ------------------------------------------------ | ------------------------------------------------------------ |
 * | samples[i]: node id                              | the stack from its time until that of the next sample        |
 * | startTime + Σ timeDeltas (µs), or timestamps[i]  | time of sample i; the last one has no length of its own      |
 * | nodes[].callFrame.functionName                   | name; "" is "(anonymous)"                                    |
 * | nodes[].callFrame.url, lineNumber + 1            | category, "file.js:12"                                       |
 * | "(root)", "(idle)"                               | no span                                                      |
 * | nodes[].children or .parent; head.children       | parents                                                      |
 * | startTime                                        | origin of the clock (µs of the machine, no calendar)         |
 * | hitCount, positionTicks, deoptReason             | not read                                                     |
 */

const format = "cpuprofile";
const what = "a V8 CPU profile";

/** V8 and Node.js `.cpuprofile`, also in the form of Node.js up to 10. */
export const cpuprofile: Importer = {
  id: format,
  label: "V8 CPU profile (.cpuprofile)",
  shortNames: ["V8"],
  extensions: ["cpuprofile"],
  sniff(head) {
    const { root, keys } = peekJson(head);
    if (root !== "object" || keys.includes("traceEvents") || keys.includes("$schema")) return 0;
    if (keys.includes("nodes")) return keys.includes("samples") || keys.includes("startTime") ? 0.95 : 0.5;
    return keys.includes("head") ? 0.8 : 0;
  },
  async read(source, builder, context) {
    const { root, size } = await readJsonDocument(source, context, format, what);
    const expect = createJsonExpectation({ format, of: what, byteOffset: size });
    const profile = expect.object("the root", root);
    const nodes = Array.isArray(profile["nodes"])
      ? readNodes(profile["nodes"], builder, expect)
      : readHead(profile["head"], builder, expect);
    const samples = expect.list("samples", profile["samples"], (sample, at) => expect.number(at, sample));
    const isOldForm = Array.isArray(profile["timestamps"]);
    const startMicros = isOldForm ? 0 : expect.number("startTime", profile["startTime"]);
    const times = isOldForm
      ? expect.list("timestamps", profile["timestamps"], (time, at) => expect.number(at, time))
      : runningSums(expect.list("timeDeltas", profile["timeDeltas"], (delta, at) => expect.number(at, delta)));
    const baseMicros = isOldForm ? (times[0] ?? 0) : startMicros;
    const stacks = new SampledStacks();
    let unknownNodes = 0;
    for (let i = 0; i < Math.min(samples.length, times.length); i++) {
      const node = nodes.get(samples[i]);
      if (node === undefined) unknownNodes++;
      else stacks.add(Math.round((times[i] - (isOldForm ? baseMicros : 0)) * 1000), node);
    }
    const { ledger } = builder;
    ledger.read(samples.length + nodes.size);
    ledger.metadata(nodes.size);
    ledger.foldedIn(stacks.length);
    ledger.dropped("unknownNode", "samples of a node that the profile does not list", -1, unknownNodes);
    ledger.dropped("sampleWithoutTime", "samples without a time", -1, Math.max(0, samples.length - times.length));
    builder.setClock(BigInt(Math.round(baseMicros * 1000)), null);
    const process = builder.addTrack({ kind: "process", name: "JavaScript" });
    const track = builder.addTrack({ kind: "thread", name: "main thread (samples)", parent: process });
    addStackSpans(builder, track, stacks);
    return {
      name: context.fileName,
      format,
      formatLabel: "V8 CPU profile",
      facts: [
        ["samples", String(samples.length)],
        ["places in the code", String(nodes.size)],
      ],
    };
  },
};

interface MutableNode extends StackNode {
  parent: StackNode | null;
}

function readNodes(values: unknown, builder: TraceBuilder, expect: JsonExpectation): ReadonlyMap<number, StackNode> {
  const nodes = new Map<number, MutableNode>();
  const parents = new Map<number, number>();
  expect.list("nodes", values, (value, at) => {
    const node = expect.object(at, value);
    const id = expect.number(`${at}.id`, node["id"]);
    nodes.set(id, { parent: null, ...frameOf(node["callFrame"], `${at}.callFrame`, builder, expect) });
    if (typeof node["parent"] === "number") parents.set(id, node["parent"]);
    if (Array.isArray(node["children"])) for (const child of node["children"]) parents.set(Number(child), id);
    return null;
  });
  for (const [child, parent] of parents) {
    const node = nodes.get(child);
    if (node !== undefined) node.parent = nodes.get(parent) ?? null;
  }
  return nodes;
}

/** The tree of old versions: functions with their children inside. */
function readHead(head: unknown, builder: TraceBuilder, expect: JsonExpectation): ReadonlyMap<number, StackNode> {
  const nodes = new Map<number, StackNode>();
  const waiting: { readonly value: unknown; readonly parent: StackNode | null; readonly at: string }[] = [
    { value: head, parent: null, at: "head" },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, parent, at } = next;
    const object = expect.object(at, value);
    const node: StackNode = { parent, ...frameOf(object, at, builder, expect) };
    nodes.set(expect.number(`${at}.id`, object["id"]), node);
    const { children } = object;
    if (!Array.isArray(children)) continue;
    for (const [index, child] of children.entries())
      waiting.push({ value: child, parent: node, at: `${shortened(at)}.children[${index}]` });
  }
  return nodes;
}

/** Deep trees must not make long texts. */
const shortened = (at: string): string => (at.length > 80 ? `head…${at.slice(-60)}` : at);

function frameOf(
  value: unknown,
  at: string,
  builder: TraceBuilder,
  expect: JsonExpectation,
): Pick<StackNode, "name" | "category"> {
  const frame = expect.object(at, value);
  const name = expect.text(`${at}.functionName`, frame["functionName"]);
  const { url, lineNumber } = frame;
  const file = typeof url === "string" ? (url.split("/").at(-1) ?? "") : "";
  const line = typeof lineNumber === "number" && lineNumber >= 0 ? `:${lineNumber + 1}` : "";
  return createFrame(builder, name, file === "" ? "" : `${file}${line}`);
}

function runningSums(deltas: readonly number[]): readonly number[] {
  let sum = 0;
  return deltas.map((delta) => (sum += delta));
}
