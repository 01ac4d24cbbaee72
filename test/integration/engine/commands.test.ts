import { kindOfSlot, variantOfSlot } from "../../../traces/model/color-slot.ts";
import { randomBytes } from "node:crypto";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type { EngineClient, SpanBrief, ViewRequest } from "../../../electron/contract/engine-contract.ts";
import { createInProcessChannel } from "../../../electron/engine/channels/in-process.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { richEvents, writeEvents } from "./event-files.ts";
import { openEngine } from "./open-engine.ts";

async function openRich(): Promise<ReturnType<typeof openEngine> & { readonly path: string }> {
  const path = await writeEvents(await createTemporaryFolder(), "rich.json");
  const opened = openEngine();
  await opened.open(path);
  return { ...opened, path };
}

async function findSpan(client: EngineClient, name: string): Promise<SpanBrief> {
  const { spans } = await client.call("span.list", { trace: "t", scope: { nameContains: name }, first: 0, count: 1 });
  const [span] = spans;
  if (span === undefined) throw new Error(`no span called ${name}`);
  return span;
}

describe("trace.open", () => {
  it("summarizes the trace", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const summary = await openEngine().open(path);
    expect(summary).toMatchObject({
      trace: "t",
      fileName: "rich.json",
      format: "chrome-json",
      spanCount: 5,
      instantCount: 1,
      sampleCount: 2,
      flowCount: 1,
      durationNs: 100_000,
      originClockNs: "1000000",
      partial: false,
      stepCount: 1,
      steps: [{ name: "ProfilerStep#1", startNs: 0, durationNs: 100_000 }],
      ledger: { eventsRead: richEvents.length, spans: 5 },
    });
    expect(summary.kinds).toEqual([
      { kind: "step", count: 1, totalNs: 100_000 },
      { kind: "op", count: 4, totalNs: 115_000 },
    ]);
    expect(summary.ledger).not.toHaveProperty("truncatedAtByte");
    expect(summary.tracks.find((track) => track.detail === "tid 1")).toMatchObject({
      kind: "thread",
      spanCount: 4,
      rowCount: 3,
      laneRows: [],
      busyNs: 100_000,
      instantCount: 1,
    });
    expect(summary.tracks.find((track) => track.kind === "counter")).toMatchObject({
      sampleCount: 2,
      sampleRange: [4, 9],
      busyNs: null,
    });
    expect(summary.residentBytes).toBeGreaterThan(5 * 36);
  });

  it("opens nothing that was not granted, and no key twice", async () => {
    const { client, open, path } = await openRich();
    await expect(client.call("trace.open", { trace: "u", file: "/etc/passwd" })).rejects.toThrow(
      "not chosen by the user",
    );
    await expect(open(path)).rejects.toThrow("already open under this key");
    await client.call("trace.close", { trace: "t" });
    expect((await open(path)).spanCount).toBe(5);
  });

  it("says why a file cannot be read, without its folder", async () => {
    const folder = await createTemporaryFolder();
    const { open, client } = openEngine();
    await expect(open(join(folder, "gone.json"))).rejects.toThrow(/^no such file$/);
    await expect(open(folder)).rejects.toThrow(/^is a folder, not a trace file, and holds no profile/);
    const empty = join(folder, "empty.json");
    await writeFile(empty, "");
    await expect(open(empty)).rejects.toMatchObject({
      name: "TraceFormatError",
      message: expect.stringContaining("empty file") as string,
    });
    await expect(client.call("names.get", { trace: "t", ids: [0] })).rejects.toThrow("this trace is not open");
  });

  it("keeps the traces of two clients apart", async () => {
    const { engine, open } = openEngine();
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    await open(path);
    const channel = createInProcessChannel();
    engine.connect(channel.engine);
    const other = createEngineClient(channel.client);
    await expect(other.call("names.get", { trace: "t", ids: [0] })).rejects.toThrow("this trace is not open");
    expect((await other.call("trace.open", { trace: "t", file: path })).spanCount).toBe(5);
  });
});

describe("span.details", () => {
  it("tells ancestors, children, links and arguments as the file writes them", async () => {
    const { client } = await openRich();
    const forward = await client.call("span.details", { trace: "t", span: (await findSpan(client, "forward")).span });
    expect(forward).toMatchObject({
      childCount: 1,
      sameName: { count: 1, totalNs: 50_000 },
      argsUnavailable: null,
      linksOmitted: 0,
    });
    expect(forward.ancestors.map((span) => span.name)).toEqual(["ProfilerStep#1"]);
    expect(forward.brief).toMatchObject({ selfNs: 40_000, depth: 1, kind: "op", category: "cpu_op" });
    expect(forward.args).toEqual([
      ["Input Dims", "[[2,3],[]]"],
      ["Fwd thread id", "0"],
      ["note", 'a "quoted" word'],
    ]);
    const matmul = await client.call("span.details", { trace: "t", span: (await findSpan(client, "matmul")).span });
    expect(matmul.args).toEqual([["bytes", "9007199254740993"]]);
    expect(matmul.links).toMatchObject([{ direction: "out", name: "hand over", other: { name: "copy" } }]);
  });

  it("reads arguments from gzip", async () => {
    const folder = await createTemporaryFolder();
    const plain = await writeEvents(folder, "rich.json");
    const path = join(folder, "rich.json.gz");
    await writeFile(path, gzipSync(readFileSync(plain)));
    const { client, open } = openEngine();
    await open(path);
    const matmul = await client.call("span.details", { trace: "t", span: (await findSpan(client, "matmul")).span });
    expect(matmul.args).toEqual([["bytes", "9007199254740993"]]);
  });

  it("tells all but the arguments of a large gzip at once; these follow when it is unpacked", async () => {
    const folder = await createTemporaryFolder();
    const events = Array.from(
      { length: 8000 },
      (_, i) =>
        `{"ph":"X","pid":1,"tid":1,"name":"op","ts":${i * 10},"dur":8,"args":{"x":"${randomBytes(400).toString("hex")}"}}`,
    );
    events.push('{"ph":"i","pid":1,"tid":1,"name":"mark","ts":7,"s":"t","args":{"y":1}}');
    const path = join(folder, "large.json.gz");
    await writeFile(path, gzipSync(`{"traceEvents":[${events.join(",")}]}`));
    const { client, open } = openEngine();
    await open(path);
    const details = await client.call("span.details", { trace: "t", span: 5 });
    expect(details).toMatchObject({ args: [], argsUnavailable: null, argsPacked: true, sameName: { count: 8000 } });
    const mark = await client.call("instant.details", { trace: "t", instant: 0 });
    expect(mark).toMatchObject({ name: "mark", args: [], argsPacked: true });
    const aborter = new AbortController();
    const stopped = client.call("trace.unpack", { trace: "t" }, { signal: aborter.signal });
    aborter.abort();
    await expect(stopped).rejects.toThrow(CancelledError);
    const shares: number[] = [];
    await client.call(
      "trace.unpack",
      { trace: "t" },
      { onProgress: ({ done, total }) => void shares.push(done / (total ?? 0)) },
    );
    expect(shares.some((share) => share > 0.2 && share < 0.9)).toBe(true);
    const { args, argsPacked } = await client.call("span.details", { trace: "t", span: 5 });
    expect([args[0]?.[0], args[0]?.[1].length, argsPacked]).toEqual(["x", 800, false]);
  });

  it("shows no arguments of a file that changed, and says so", async () => {
    const { client, path } = await openRich();
    const { span } = await findSpan(client, "forward");
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    const changed = await client.call("span.details", { trace: "t", span });
    expect(changed).toMatchObject({
      args: [],
      argsUnavailable: "The file changed on disk after it was opened.",
      brief: { name: "forward" },
    });
    await rm(path);
    expect(await client.call("span.details", { trace: "t", span })).toMatchObject({
      args: [],
      argsUnavailable: "no such file",
    });
  });

  it("refuses spans that the trace does not have", async () => {
    const { client } = await openRich();
    await expect(client.call("span.details", { trace: "t", span: 5 })).rejects.toThrow("this trace has no span 5");
    await expect(client.call("span.neighbor", { trace: "t", span: 99, neighbor: "next" })).rejects.toThrow(
      "no span 99",
    );
    await expect(client.call("instant.details", { trace: "t", instant: 1 })).rejects.toThrow("no instant 1");
  });
});

describe("other commands", () => {
  it("go from span to span", async () => {
    const { client } = await openRich();
    const { span } = await findSpan(client, "forward");
    const names = await Promise.all(
      (["parent", "firstChild", "next", "previous"] as const).map(
        async (neighbor) => (await client.call("span.neighbor", { trace: "t", span, neighbor }))?.name ?? null,
      ),
    );
    expect(names).toEqual(["ProfilerStep#1", "matmul", "backward", null]);
  });

  it("tell what an instant is", async () => {
    const { client } = await openRich();
    const instant = await client.call("instant.details", { trace: "t", instant: 0 });
    expect(instant).toMatchObject({ name: "mark", timeNs: 40_000, argsUnavailable: null });
    expect(instant.args).toContainEqual(["why", "because"]);
  });

  it("draw pictures and pick in them", async () => {
    const { client, open, path } = await openRich();
    await client.call("trace.close", { trace: "t" });
    const { tracks } = await open(path);
    const main = tracks.find((track) => track.detail === "tid 1");
    const counter = tracks.find((track) => track.kind === "counter");
    if (main === undefined || counter === undefined) throw new Error("tracks are missing");
    const row = { kind: "rows", rows: [main.firstRow + 1] } as const;
    const request: ViewRequest = {
      trace: "t",
      panel: "p",
      startNs: 0,
      endNs: 100_000,
      widthPx: 100,
      minBoxPx: 4,
      search: null,
      generation: 7,
      strips: [
        row,
        { kind: "instants", track: main.id },
        { kind: "counter", track: counter.id },
        { kind: "rows", rows: [99_999] },
      ],
    };
    const picture = await client.call("timeline.view", request);
    expect(picture).toMatchObject({ generation: 7, slots: "name", stripCount: 4, widthPx: 100 });
    const byShare = await client.call("timeline.view", { ...request, slots: "selfShare" });
    expect(byShare).toMatchObject({ generation: 7, slots: "selfShare" });
    expect(byShare.texels.map((texel) => texel >> 8)).toEqual(picture.texels.map((texel) => texel >> 8));
    expect(byShare.boxes.slot.map((slot) => variantOfSlot(slot))).toEqual(new Uint8Array([12, 15]));
    expect(byShare.boxes.slot.map((slot) => kindOfSlot(slot))).toEqual(
      picture.boxes.slot.map((slot) => kindOfSlot(slot)),
    );
    const covered = Array.from({ length: 100 }, (_, px) => (picture.texels[px] === 0 ? "." : "#")).join("");
    expect(covered).toBe(`${".".repeat(10)}${"#".repeat(50)}${".".repeat(10)}${"#".repeat(25)}${".".repeat(5)}`);
    expect(picture.boxes.span.length).toBe(2);
    expect(picture.texels.subarray(300).every((texel) => texel === 0)).toBe(true);
    expect(
      await client.call("timeline.pick", { trace: "t", strip: row, startNs: 30_000, endNs: 31_000 }),
    ).toMatchObject({
      kind: "span",
      span: { name: "forward" },
      count: 1,
      parentDurationNs: 100_000,
    });
    expect(
      await client.call("timeline.pick", {
        trace: "t",
        strip: { kind: "counter", track: counter.id },
        startNs: 60_000,
        endNs: 61_000,
      }),
    ).toEqual({
      kind: "sample",
      timeNs: 50_000,
      value: 9,
    });
    expect(await client.call("timeline.pick", { trace: "t", strip: row, startNs: 62_000, endNs: 63_000 })).toBeNull();
  });

  it("search, step through the hits, and mark them in pictures", async () => {
    const { client } = await openRich();
    expect(await client.call("search.run", { trace: "t", search: "s", query: "ward" })).toEqual({
      search: "s",
      hitCount: 2,
      nameCount: 2,
      totalNs: 75_000,
    });
    const first = await client.call("search.step", {
      trace: "t",
      search: "s",
      fromSpan: null,
      fromNs: 0,
      direction: "next",
    });
    expect(first).toMatchObject({ span: { name: "forward" }, index: 0, hitCount: 2 });
    const second = await client.call("search.step", {
      trace: "t",
      search: "s",
      fromSpan: first?.span.span ?? null,
      fromNs: 0,
      direction: "next",
    });
    expect(second).toMatchObject({ span: { name: "backward" }, index: 1 });
    const picture = await client.call("timeline.view", {
      trace: "t",
      panel: "p",
      startNs: 0,
      endNs: 100_000,
      widthPx: 100,
      minBoxPx: 4,
      search: "s",
      generation: 1,
      strips: [{ kind: "rows", rows: [first?.span.row ?? 0] }],
    });
    expect(picture.hits.indexOf(1)).toBe(10);
    await expect(
      client.call("search.step", { trace: "t", search: "never", fromSpan: null, fromNs: 0, direction: "next" }),
    ).rejects.toThrow("not known any more");
    await expect(client.call("search.run", { trace: "t", search: "s", query: "/(/" })).rejects.toMatchObject({
      name: "UserFacingError",
    });
  });

  it("group, page and sort the top table", async () => {
    const { client } = await openRich();
    const ask = {
      trace: "t",
      scope: { kinds: ["op"] },
      group: "name",
      sort: "totalNs",
      descending: true,
      count: 2,
    } as const;
    const page = await client.call("table.top", { ...ask, first: 0 });
    expect(page).toMatchObject({ rowCount: 4, spanCount: 4, selfNs: 105_000 });
    expect(page.rows.map((row) => [row.path, row.totalNs])).toEqual([
      [["forward"], 50_000],
      [["copy"], 30_000],
    ]);
    const rest = await client.call("table.top", { ...ask, first: 2 });
    expect(rest.rows.map((row) => row.path)).toEqual([["backward"], ["matmul"]]);
    const paths = await client.call("table.top", {
      ...ask,
      scope: { nameContains: "matmul" },
      group: "path",
      first: 0,
    });
    expect(paths.rows.map((row) => row.path)).toEqual([["ProfilerStep#1", "forward", "matmul"]]);
  });

  it("add up call trees", async () => {
    const { client } = await openRich();
    const tree = await client.call("tree.calls", {
      trace: "t",
      scope: {},
      direction: "topDown",
      byTrack: false,
      minShare: 0,
      maxNodes: 100,
    });
    expect(
      Array.from(
        tree.name,
        (name, node) => `${" ".repeat(tree.depth[node] ?? 0)}${tree.names[name]} ${tree.totalNs[node]}`,
      ),
    ).toEqual([
      "rich.json 130000",
      " ProfilerStep#1 100000",
      "  forward 50000",
      "   matmul 10000",
      "  backward 25000",
      " copy 30000",
    ]);
  });
});
