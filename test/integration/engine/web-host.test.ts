import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type { EngineClient, FromEngine } from "../../../electron/contract/engine-contract.ts";
import { decodeFrame, encodeFrame } from "../../../electron/contract/frame.ts";
import { type FromWebHost, type ToWebHost, webSocketPath } from "../../../electron/contract/web-contract.ts";
import type { FileGrant, PendingOpenings } from "../../../electron/contract/window-contract.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { startWebHost, type WebHost, type WebHostOptions } from "../../web-host/start-web-host.ts";
import { writeEvents } from "./event-files.ts";

async function startHost(options: Partial<WebHostOptions> = {}): Promise<WebHost> {
  const rendererDir = join(await createTemporaryFolder(), "renderer");
  await mkdir(rendererDir);
  await writeFile(join(rendererDir, "index.html"), "<!doctype html><title>window</title>");
  await writeFile(join(rendererDir, "..", "secret.txt"), "secret");
  const host = await startWebHost({ rendererDir, ...options });
  onTestFinished(() => host.close());
  return host;
}

interface Window {
  readonly engine: EngineClient;
  readonly events: FromWebHost[];
  invoke(command: string, body?: unknown): Promise<unknown>;
  drop(name: string, bytes: Uint8Array): Promise<unknown>;
}

/** Does what the window does in a browser. */
async function openWindow(host: WebHost): Promise<Window> {
  const socket = new WebSocket(`${host.url.replace("http", "ws").replace(/\/$/, "")}${webSocketPath}`);
  const events: FromWebHost[] = [];
  const waiting = new Map<number, (message: FromWebHost) => void>();
  let toClient: (message: FromEngine) => void = () => undefined;
  let nextId = 1;
  socket.on("message", (data: Buffer) => {
    const message = decodeFrame(data) as FromWebHost;
    if (message.kind === "engine") toClient(message.message);
    else if (message.kind === "reply" || message.kind === "refused") waiting.get(message.id)?.(message);
    else events.push(message);
  });
  await new Promise((resolve) => socket.on("open", resolve));
  const send = (message: ToWebHost): void => socket.send(encodeFrame(message));
  const ask = (message: ToWebHost & { readonly id: number }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(message.id, (answer) =>
        answer.kind === "reply"
          ? resolve(answer.reply)
          : reject(new Error(answer.kind === "refused" ? answer.error.message : "")),
      );
      send(message);
    });
  const engine = createEngineClient({
    send: (message) => send({ kind: "engine", message }),
    onMessage(listener) {
      toClient = listener;
      return () => undefined;
    },
    close: () => undefined,
  });
  return {
    engine,
    events,
    invoke: (command, body = null) => ask({ kind: "invoke", id: nextId++, command: command as never, request: body }),
    drop: (name, bytes) => ask({ kind: "drop", id: nextId++, files: [{ name, bytes }] }),
  };
}

/** `fetch` would tidy the path up and set the host itself. */
function get(
  host: WebHost,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the web host", () => {
  it("serves the window under the rules of the app, and nothing beside it", async () => {
    const host = await startHost();
    const page = await get(host, "/");
    expect(page).toMatchObject({
      status: 200,
      body: "<!doctype html><title>window</title>",
      headers: {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-content-type-options": "nosniff",
        "content-type": "text/html; charset=utf-8",
      },
    });
    expect(page.headers["content-security-policy"]).toContain(
      `connect-src 'self' blob: ws://${new URL(host.url).host};`,
    );
    for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%00", "/missing.js"])
      expect((await get(host, path)).status).toBe(404);
    expect((await get(host, "/", { host: "evil.example" })).status).toBe(403);
  });

  it("answers the engine contract and grants files as the shell does", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    const host = await startHost({ files: [path], choices: [[path], []] });
    const { engine, invoke, drop } = await openWindow(host);
    const {
      files: [pending],
    } = (await invoke("file.pending")) as PendingOpenings;
    expect(pending).toMatchObject({ name: "rich.json" });
    expect(await invoke("file.pending")).toEqual({ files: [], links: [] });
    const [chosen] = (await invoke("file.choose")) as FileGrant[];
    expect(await invoke("file.choose")).toEqual([]);
    expect((await engine.call("trace.open", { trace: "a", file: chosen?.token ?? "" })).spanCount).toBe(5);
    const { texels } = await engine.call("timeline.view", {
      trace: "a",
      panel: "p",
      strips: [{ kind: "rows", rows: [0] }],
      startNs: 0,
      endNs: 1e5,
      widthPx: 10,
      minBoxPx: 4,
      search: null,
      generation: 1,
    });
    expect(texels).toBeInstanceOf(Uint16Array);
    expect([...texels].every((texel) => texel > 0)).toBe(true);
    const [dropped] = (await drop(
      "../../evil.json",
      new TextEncoder().encode('[{"ph":"X","ts":1,"dur":1,"name":"a"}]'),
    )) as FileGrant[];
    expect(dropped).toMatchObject({ name: "evil.json" });
    expect((await engine.call("trace.open", { trace: "d", file: dropped?.token ?? "" })).spanCount).toBe(1);
    await expect(invoke("shell.explode")).rejects.toThrow('unknown shell command "shell.explode"');
    await expect(engine.call("trace.open", { trace: "x", file: path })).rejects.toThrow("not chosen by the user");
  });

  it("remembers what the window saved, copied and set, and hands over events", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const host = await startHost();
    const { invoke, events } = await openWindow(host);
    expect(await invoke("file.save", { suggestedName: "a/b.tsv", bytes: Uint8Array.of(1, 2) })).toBe("b.tsv");
    await invoke("clipboard.write", { text: "copied" });
    await invoke("settings.write", { settings: { theme: "dark" } });
    expect(await invoke("settings.read")).toEqual({ theme: "dark" });
    expect(host.record).toMatchObject({
      saved: [{ name: "b.tsv", bytes: Uint8Array.of(1, 2) }],
      clipboard: ["copied"],
      settings: { theme: "dark" },
    });
    const grant = host.openInWindows(path);
    await expect.poll(() => events).toEqual([{ kind: "event", event: "file.granted", payload: [grant] }]);
  });

  it("gives a window a new engine after the old one ended, with the same grants", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const host = await startHost({ files: [path] });
    const { engine, invoke, events } = await openWindow(host);
    const {
      files: [file],
    } = (await invoke("file.pending")) as PendingOpenings;
    await host.endEngine("The engine ended unexpectedly");
    await expect
      .poll(() => events)
      .toEqual([{ kind: "event", event: "engine.ended", payload: { message: "The engine ended unexpectedly" } }]);
    await invoke("engine.restart");
    expect(events.at(-1)).toEqual({ kind: "engineStarted" });
    expect((await engine.call("trace.open", { trace: "t", file: file?.token ?? "" })).spanCount).toBe(5);
  });
});
