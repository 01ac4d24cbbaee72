import { EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type { Channel, EngineClient, FromEngine, ToEngine } from "../../../electron/contract/engine-contract.ts";
import { decodeFrame, encodeFrame } from "../../../electron/contract/frame.ts";
import { createInProcessChannel } from "../../../electron/engine/channels/in-process.ts";
import { createPortChannel, type PortLike } from "../../../electron/engine/channels/message-port.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { buildBundles } from "./built-bundles.ts";
import { writeEvents } from "./event-files.ts";
import { openEngine } from "./open-engine.ts";

interface Pair {
  readonly client: Channel<ToEngine, FromEngine>;
  readonly engine: Channel<FromEngine, ToEngine>;
}

/** Every message as bytes, as over a socket. */
function createFramedPair(): Pair {
  const { client, engine } = createInProcessChannel();
  const framed = <Out, In>(channel: Channel<Out, In>): Channel<Out, In> => ({
    ...channel,
    send: (message) => channel.send(encodeFrame(message) as Out),
    onMessage: (listener) => channel.onMessage((bytes) => listener(decodeFrame(bytes as Uint8Array) as In)),
  });
  return { client: framed(client), engine: framed(engine) };
}

/** A port of Node with the manners of Electron's `MessagePortMain`. */
function likeElectron(port: MessagePort): PortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    on(event: "message" | "close", listener: ((event: { readonly data: unknown }) => void) | (() => void)) {
      return event === "close"
        ? port.on("close", listener as () => void)
        : port.on("message", (data: unknown) => listener({ data }));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

function createPortPair(): Pair {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  return { client: createPortChannel(likeElectron(port1)), engine: createPortChannel(likeElectron(port2)) };
}

/** Answers to one of each command, times of the clock left out. */
async function askEverything(client: EngineClient, file: string): Promise<readonly unknown[]> {
  const t = { trace: "t" } as const;
  const summary = await client.call("trace.open", { ...t, file });
  return [
    { ...summary, importMs: 0 },
    await client.call("timeline.view", {
      ...t,
      panel: "p",
      strips: [
        { kind: "rows", rows: [0, 1, 2] },
        { kind: "rows", rows: [1] },
      ],
      startNs: 0,
      endNs: 100_000,
      widthPx: 64,
      minBoxPx: 2,
      search: null,
      generation: 1,
    }),
    await client.call("timeline.pick", { ...t, strip: { kind: "rows", rows: [0] }, startNs: 0, endNs: 9e4 }),
    await client.call("span.details", { ...t, span: 1 }),
    await client.call("span.neighbor", { ...t, span: 1, neighbor: "parent" }),
    await client.call("span.list", { ...t, scope: {}, first: 0, count: 10 }),
    await client.call("instant.details", { ...t, instant: 0 }),
    await client.call("table.top", {
      ...t,
      scope: {},
      group: "path",
      sort: "p99Ns",
      descending: true,
      first: 0,
      count: 10,
    }),
    await client.call("tree.calls", {
      ...t,
      scope: {},
      direction: "bottomUp",
      byTrack: true,
      minShare: 0,
      maxNodes: 50,
    }),
    await client.call("search.run", { ...t, search: "s", query: "dur>20us" }),
    await client.call("search.step", { ...t, search: "s", fromSpan: null, fromNs: 0, direction: "next" }),
    await client.call("names.get", { ...t, ids: [0, 1, 99] }),
    await client.call("trace.close", t),
    await client.call("names.get", { ...t, ids: [0] }).catch((error: Error) => [error.name, error.message]),
  ];
}

describe("channels", () => {
  it("carry the same answers: in process, through a port, as frames of bytes", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const [direct, framed, ported] = await Promise.all(
      [createInProcessChannel, createFramedPair, createPortPair].map(async (pair) => {
        const { engine, client } = openEngine(undefined, pair);
        engine.grant(path, { path, name: "rich.json" });
        return await askEverything(client, path);
      }),
    );
    expect(direct).toHaveLength(14);
    expect(framed).toEqual(direct);
    expect(ported).toEqual(direct);
  });
});

describe("the engine process", () => {
  it("serves several ports, survives malformed messages and ends when told to", async () => {
    const bundles = await buildBundles();
    onTestFinished(() => bundles.remove());
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const parentPort = new EventEmitter();
    Object.defineProperty(process, "parentPort", { value: parentPort, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(process, "parentPort"));
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
    onTestFinished(() => (exit.mockRestore(), complaints.mockRestore()));
    createRequire(import.meta.url)(bundles.engine);

    const tell = (data: unknown, ...ports: PortLike[]): void => void parentPort.emit("message", { data, ports });
    const connect = (): { readonly client: EngineClient; readonly raw: MessagePort } => {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port1.close());
      tell({ kind: "port" }, likeElectron(port2));
      return { client: createEngineClient(createPortChannel(likeElectron(port1))), raw: port1 };
    };
    tell({ kind: "grant", token: "token", path, name: "rich.json" });
    tell({ kind: "grant", token: 5 });
    tell("nonsense");
    tell({ kind: "port" });
    expect(complaints.mock.calls.map(([text]) => text as unknown)).toEqual([
      "engine: unknown control message",
      "engine: unknown control message",
      "engine: a port message came without its port",
    ]);
    const one = connect();
    const two = connect();
    const refusal = once(one.raw, "message") as Promise<[FromEngine]>;
    one.raw.postMessage({
      kind: "call",
      id: 4000,
      command: "trace.open",
      request: { trace: "x".repeat(999), file: "token" },
    });
    expect((await refusal)[0]).toMatchObject({
      kind: "failed",
      id: 4000,
      error: { name: "BadRequestError", message: expect.stringContaining("trace.open: trace") as string },
    });
    const summaries = await Promise.all(
      [one, two].map(({ client }) => client.call("trace.open", { trace: "t", file: "token" })),
    );
    expect(summaries.map((summary) => summary.spanCount)).toEqual([5, 5]);
    tell({ kind: "shutdown" });
    await expect.poll(() => exit.mock.calls).toEqual([[0]]);
  }, 180_000);
});
