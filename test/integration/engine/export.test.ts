import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExportReport, ExportRequest } from "../../../electron/contract/engine-contract.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { writeEvents, writeManySpans } from "./event-files.ts";
import { type OpenEngine, openEngine } from "./open-engine.ts";

let open: OpenEngine;
let folder: string;
beforeEach(async () => {
  open = openEngine();
  folder = await createTemporaryFolder();
});
afterEach(() => open.engine.close());

/** Exports the open trace under `name` in the folder; the token is the name. */
function exportTo(name: string, over: Partial<ExportRequest> = {}, signal?: AbortSignal): Promise<ExportReport> {
  const path = join(folder, name);
  open.engine.grantTarget(name, { path, name });
  const request = { trace: "t", format: "deltaflame", target: name, withArguments: true, keepHomeFolders: false };
  return open.client.call("trace.export", { ...request, ...over }, signal === undefined ? {} : { signal });
}

describe("trace.export", () => {
  it("writes a container that opens again with the same spans and the arguments of its source", async () => {
    const source = await open.open(await writeEvents(folder, "rich.json"));
    const report = await exportTo("rich.dflame");
    expect(report).toMatchObject({ fileName: "rich.dflame", argumentsUnavailable: null, eventsWithoutArguments: 0 });
    expect(report.bytes).toBe((await readFile(join(folder, "rich.dflame"))).length);
    const before = await Promise.all(
      [0, 1, 2, 3, 4].map((span) => open.client.call("span.details", { trace: "t", span })),
    );
    await open.client.call("trace.close", { trace: "t" });
    const again = await open.open(join(folder, "rich.dflame"));
    expect(again).toMatchObject({
      format: "deltaflame",
      formatLabel: source.formatLabel,
      durationNs: source.durationNs,
      kinds: source.kinds,
      tracks: source.tracks,
      ledger: source.ledger,
    });
    const after = await Promise.all(
      [0, 1, 2, 3, 4].map((span) => open.client.call("span.details", { trace: "t", span })),
    );
    expect(after).toEqual(before);
    expect(after.some(({ args }) => args.length > 0)).toBe(true);
  });

  it("writes the same of a compressed file of which no unpacked copy can be made", async () => {
    const plain = writeManySpans(folder, "plain.json", 3000);
    await writeFile(join(folder, "packed.json.gz"), gzipSync(await readFile(plain)));
    await open.open(plain);
    await exportTo("plain.out", { format: "chrome-json" });
    await open.client.call("trace.close", { trace: "t" });
    vi.stubEnv("TMPDIR", join(folder, "no such folder"));
    try {
      await open.open(join(folder, "packed.json.gz"));
      expect(await exportTo("packed.out", { format: "chrome-json" })).toMatchObject({ eventsWithoutArguments: 0 });
    } finally {
      vi.unstubAllEnvs();
    }
    const [one, other] = await Promise.all(
      ["plain.out", "packed.out"].map((name) => readFile(join(folder, name), "utf8")),
    );
    const events = (text: string | undefined): string => text?.slice(text.indexOf('"traceEvents"')) ?? "";
    expect(events(other)).toBe(events(one));
    expect(events(one)).toContain('"args":{');
  });

  it.each(["deltaflame", "chrome-json"])(
    "%s keeps numbers, lists and texts of arguments as they were",
    async (format) => {
      await open.open(await writeEvents(folder, "rich.json"));
      await exportTo("rich.out", { format });
      const text = await readFile(join(folder, "rich.out"), "utf8");
      expect(text).toContain('"args":{"bytes":9007199254740993}');
      expect(text).toContain('"args":{"Input Dims":[[2,3],[]],"Fwd thread id":0,"note":"a \\"quoted\\" word"}');
    },
  );

  it("hides home folders in arguments however their slashes are written, and keeps digits beside them", async () => {
    const path = join(folder, "paths.json");
    const args =
      '{"a":"\\/home\\/ada\\/x.py","b":["\\u002fhome\\u002fada\\u002fy",9007199254740993],"c":"/home/ada/z"}';
    await writeFile(path, `[{"ph":"X","pid":1,"tid":1,"name":"a","ts":1,"dur":2,"args":${args}}]`);
    await open.open(path);
    await exportTo("paths.out", { format: "chrome-json" });
    const text = await readFile(join(folder, "paths.out"), "utf8");
    expect(text).toContain('"args":{"a":"~/x.py","b":["~/y",9007199254740993],"c":"~/z"}');
  });

  it("opens a container from a compressed file too", async () => {
    const source = await open.open(await writeEvents(folder, "rich.json"));
    await exportTo("rich.dflame");
    await writeFile(join(folder, "rich.dflame.gz"), gzipSync(await readFile(join(folder, "rich.dflame"))));
    await open.client.call("trace.close", { trace: "t" });
    const again = await open.open(join(folder, "rich.dflame.gz"));
    expect(again.spanCount).toBe(source.spanCount);
    const details = await open.client.call("span.details", { trace: "t", span: 1 });
    expect(details.argsUnavailable).toBeNull();
  });

  it("says why arguments are missing when the file is gone or changed", async () => {
    const path = await writeEvents(folder, "rich.json");
    await open.open(path);
    await writeFile(path, "[]");
    expect(await exportTo("rich.dflame")).toMatchObject({
      argumentsUnavailable: "The file changed on disk after it was opened.",
    });
  });

  it("lists the formats", async () => {
    const formats = await open.client.call("export.formats", null);
    expect(formats.map(({ id, extension }) => `${id}.${extension}`)).toEqual([
      "deltaflame.dflame",
      "chrome-json.json",
      "csv-spans.csv",
      "csv-launches.csv",
    ]);
  });

  it("writes kernels without a time axis as a table or a container, and says why not as a Chrome trace", async () => {
    await open.open(join(import.meta.dirname, "../../fixtures/ncu/two-kernels.ncu-rep"));
    await exportTo("kernels.csv", { format: "csv-launches" });
    const [head, first, second] = (await readFile(join(folder, "kernels.csv"), "utf8")).split("\r\n");
    expect(head).toMatch(/^launch,kernel,signature,device,grid,block,duration_ns,registers_per_thread,/);
    expect(head).toContain(",sm__warps_active.avg.pct_of_peak_sustained_active [%]");
    expect(first).toMatch(/^0,saxpy,saxpy\(float \*\),NVIDIA Test 100,64x2x1,128x1x1,4096,24,0\.125,,0\.75,/);
    // Not collected is empty, not 0.
    expect(second).toMatch(/^1,reduce,,?.*,8x1x1,32x4x2,1504,,,,,/);
    await expect(exportTo("kernels.json", { format: "chrome-json" })).rejects.toThrow(
      "kernels that ran one by one have no time axis, which a Chrome trace (JSON) needs; write a table of kernels (csv-launches) or a Deltaflame container",
    );
    const side = { label: "a", itemsPerStep: 1, traces: [{ trace: "t" }] };
    const options = { tolerance: 0.05, alpha: 0.05, resamples: 10, allowIncomparable: false };
    await expect(
      open.client.call("compare.start", { comparison: "c", before: side, after: side, options }),
    ).rejects.toThrow("two-kernels.ncu-rep holds kernels that ran one by one, without the time axis");
    await exportTo("kernels.dflame");
    await open.client.call("trace.close", { trace: "t" });
    expect(await open.open(join(folder, "kernels.dflame"))).toMatchObject({ launchCount: 2 });
    await open.client.call("trace.close", { trace: "t" });
    await open.open(await writeEvents(folder, "rich.json"));
    await expect(exportTo("x.csv", { format: "csv-launches" })).rejects.toThrow(
      "this trace has no kernels that ran one by one; write a table of spans (csv-spans)",
    );
  });

  it.each([
    ["an unknown format", { format: "wav" }, /^"wav" is no format to export to; there are /],
    [
      "a place nobody chose",
      { target: "elsewhere" },
      "this place was not chosen by the user, or the engine has restarted",
    ],
    ["a trace that is not open", { trace: "u" }, "this trace is not open"],
  ])("refuses %s", async (_what, over, message) => {
    await open.open(await writeEvents(folder, "rich.json"));
    await expect(exportTo("rich.dflame", over)).rejects.toThrow(message);
  });

  it("says so when the place cannot be written, and leaves nothing behind", async () => {
    await open.open(await writeEvents(folder, "rich.json"));
    const path = join(folder, "missing", "rich.dflame");
    open.engine.grantTarget("bad", { path, name: basename(path) });
    await expect(exportTo("x", { target: "bad" })).rejects.toThrow(
      "the file cannot be written: the folder does not exist",
    );
    open.engine.grantTarget("folder", { path: folder, name: "folder" });
    await expect(exportTo("x", { target: "folder" })).rejects.toThrow(/^the file cannot be written: /);
    expect(await readdir(folder)).toEqual(["rich.json"]);
  });

  it("ends when it is cancelled, and leaves the file that was there", async () => {
    await open.open(writeManySpans(folder, "many.json", 20_000));
    await writeFile(join(folder, "many.dflame"), "old");
    const abort = new AbortController();
    const running = exportTo("many.dflame", {}, abort.signal);
    setTimeout(() => abort.abort(), 5);
    await expect(running).rejects.toThrow(CancelledError);
    // The engine hears of it a moment later and cleans up.
    await expect.poll(() => readdir(folder)).toEqual(["many.dflame", "many.json"]);
    expect(await readFile(join(folder, "many.dflame"), "utf8")).toBe("old");
  });
});
