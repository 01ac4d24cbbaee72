import { describe, expect, it } from "vitest";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type { EngineClient, FromEngine, ViewPicture, ViewRequest } from "../../../electron/contract/engine-contract.ts";
import { createInProcessChannel } from "../../../electron/engine/channels/in-process.ts";
import type { Handlers } from "../../../electron/engine/handlers/create-handlers.ts";
import { serveClient } from "../../../electron/engine/serve-client.ts";
import { createTurns } from "../../../electron/engine/turns.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";

const viewRequest = (panel: string, generation: number): ViewRequest => ({
  trace: "t",
  panel,
  strips: [],
  startNs: 0,
  endNs: 1,
  widthPx: 1,
  minBoxPx: 1,
  search: null,
  generation,
});

/** Handlers that throw unless the test gives them. */
function serve(handlers: Partial<Handlers>): {
  readonly client: EngineClient;
  readonly raw: ReturnType<typeof createInProcessChannel>;
  readonly stop: () => void;
} {
  const raw = createInProcessChannel();
  const all = new Proxy(handlers as Handlers, {
    get: (target, name) =>
      Reflect.get(target, name) ?? (() => Promise.reject(new Error(`no handler for ${String(name)} in this test`))),
  });
  const stop = serveClient(raw.engine, { client: "one", handlers: all, turns: createTurns() });
  return { client: createEngineClient(raw.client), raw, stop };
}

const settled = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (reply) => `done ${JSON.stringify(reply)}`,
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe("serving a client", () => {
  it("answers only the newest waiting view of a panel, and every panel once", async () => {
    const drawn: string[] = [];
    const { client } = serve({
      "timeline.view": ({ panel, generation }) => {
        drawn.push(`${panel} ${generation}`);
        return Promise.resolve({ generation } as ViewPicture);
      },
    });
    const replies = await Promise.all([
      settled(client.call("timeline.view", viewRequest("main", 1))),
      settled(client.call("timeline.view", viewRequest("minimap", 2))),
      settled(client.call("timeline.view", viewRequest("main", 3))),
      settled(client.call("timeline.view", viewRequest("main", 4))),
    ]);
    expect(drawn).toEqual(["main 4", "minimap 2"]);
    expect(replies).toEqual([
      "CancelledError: a newer view of this panel replaced this one",
      'done {"generation":2}',
      "CancelledError: a newer view of this panel replaced this one",
      'done {"generation":4}',
    ]);
  });

  it("lets views pass between the slices of a long query", async () => {
    const order: string[] = [];
    const { client } = serve({
      "tree.calls": (_request, context) =>
        context.runSlices(
          (function* slow() {
            for (let slice = 0; slice < 50; slice++) {
              order.push("slice");
              yield;
            }
            order.push("end of the query");
            return null as never;
          })(),
        ),
      "timeline.view": ({ generation }) => {
        order.push("view");
        return Promise.resolve({ generation } as ViewPicture);
      },
    });
    const query = client.call("tree.calls", {
      trace: "t",
      scope: {},
      direction: "topDown",
      byTrack: false,
      minShare: 0,
      maxNodes: 1,
    });
    await client.call("timeline.view", viewRequest("main", 1));
    await query;
    expect(order.indexOf("view")).toBeLessThan(10);
    expect(order.at(-1)).toBe("end of the query");
  });

  it("stops a cancelled query at its next slice and runs its clean-up", async () => {
    let slices = 0;
    let cleanedUp = false;
    const abort = new AbortController();
    const { client } = serve({
      "search.run": (_request, context) =>
        context.runSlices(
          (function* endless() {
            try {
              for (;;) {
                if (++slices === 3) abort.abort();
                yield;
              }
            } finally {
              cleanedUp = true;
            }
          })(),
        ),
    });
    expect(
      await settled(client.call("search.run", { trace: "t", search: "s", query: "q" }, { signal: abort.signal })),
    ).toBe("CancelledError: cancelled");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(slices).toBe(3);
    expect(cleanedUp).toBe(true);
  });

  it("carries errors to the client with class, message and place", async () => {
    const { client } = serve({
      "trace.close": () =>
        Promise.reject(new TraceFormatError("expected a colon", { format: "chrome-json", byteOffset: 12 })),
      "names.get": () =>
        Promise.reject(
          Object.assign(new Error("ENOENT: no such file or directory, open '/home/someone/secret.json'"), {
            code: "ENOENT",
            syscall: "open",
          }),
        ),
    });
    const error = await client.call("trace.close", { trace: "t" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TraceFormatError);
    expect(error).toMatchObject({ message: "expected a colon", place: { format: "chrome-json", byteOffset: 12 } });
    expect(await settled(client.call("names.get", { trace: "t", ids: [] }))).toBe("UserFacingError: no such file");
  });

  it("answers malformed messages and stays alive", async () => {
    const { client, raw } = serve({ "trace.close": () => Promise.resolve(null) });
    const answers: FromEngine[] = [];
    raw.client.onMessage((message) => void answers.push(message));
    const send = raw.client.send as (message: unknown) => void;
    for (const message of [
      null,
      "hello",
      { kind: "call" },
      { kind: "call", id: 900, command: "toString", request: {} },
      { kind: "call", id: 901, command: "trace.close", request: { trace: 7 } },
    ])
      send(message);
    expect(await client.call("trace.close", { trace: "t" })).toBeNull();
    expect(answers.slice(0, 5)).toMatchObject([
      { kind: "failed", id: 0, error: { name: "BadRequestError" } },
      { kind: "failed", id: 0, error: { name: "BadRequestError" } },
      { kind: "failed", id: 0, error: { name: "BadRequestError" } },
      { kind: "failed", id: 900, error: { name: "BadRequestError", message: 'unknown command "toString"' } },
      { kind: "failed", id: 901, error: { name: "BadRequestError" } },
    ]);
  });

  it("passes progress to the call that caused it, and events to listeners until they leave", async () => {
    const { client } = serve({
      "trace.close": (_request, context) => {
        context.reportProgress({ done: 1, total: 2, unit: "bytes" });
        context.emit({ kind: "event", event: "trace.grew", payload: { trace: "t" } as never });
        return Promise.resolve(null);
      },
    });
    const seen: unknown[] = [];
    const leave = client.on("trace.grew", (summary) => seen.push(summary.trace));
    await client.call("trace.close", { trace: "t" }, { onProgress: (progress) => seen.push(progress.done) });
    leave();
    await client.call("trace.close", { trace: "t" });
    expect(seen).toEqual([1, "t"]);
  });

  it("fails open calls when the client is closed, and later ones at once", async () => {
    const { client } = serve({ "trace.close": () => new Promise(() => undefined) });
    const open = settled(client.call("trace.close", { trace: "t" }));
    client.close();
    expect(await open).toBe("EngineGoneError: the engine has ended");
    expect(await settled(client.call("trace.close", { trace: "t" }))).toBe(
      "EngineGoneError: the engine is not running",
    );
  });
});
