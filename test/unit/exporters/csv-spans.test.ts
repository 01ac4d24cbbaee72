import { expect, it } from "vitest";
import { csvSpans } from "../../../traces/exporters/formats/csv-spans.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { noCategory, type Trace } from "../../../traces/model/trace.ts";
import { exportBytes } from "./export-bytes.ts";

function traceOf(names: readonly string[]): Trace {
  const builder = createTraceBuilder();
  const process = builder.addTrack({ kind: "process", name: "python 7" });
  const track = builder.addTrack({ kind: "thread", name: "main, first", parent: process });
  for (const [index, name] of names.entries()) {
    builder.ledger.read();
    builder.addSpan(track, index * 10, 5, builder.intern(name), SpanKind.kernel, noCategory, 0, { link: index });
  }
  return builder.seal({ name: "n", format: "f", formatLabel: "F", facts: [] });
}

const tableOf = async (trace: Trace): Promise<string[]> =>
  new TextDecoder().decode(await exportBytes(csvSpans, trace)).split("\r\n");

it("writes one span a row, in ns, with the path of its track", async () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "main" });
  builder.ledger.read(3);
  builder.addSpan(track, 100, 50, builder.intern("outer"), SpanKind.step, builder.category("cpu"), 0);
  builder.addSpan(track, 110, 20, builder.intern("inner"), SpanKind.op, noCategory, 0, { link: 7 });
  builder.addSpan(track, 140, 0, builder.intern("open"), SpanKind.op, noCategory, 0, { openEnded: true });
  expect(await tableOf(builder.seal({ name: "n", format: "f", formatLabel: "F", facts: [] }))).toEqual([
    "span,track_id,track,name,category,kind,start_ns,duration_ns,self_ns,depth,lane,parent,link,open_ended",
    "0,0,main,outer,cpu,step,0,50,20,0,0,,,0",
    "1,0,main,inner,,op,10,20,20,1,0,0,7,0",
    "2,0,main,open,,op,40,,,1,0,0,,1",
    "",
  ]);
});

it("quotes what would break a row", async () => {
  const [, row, second] = await tableOf(traceOf(['say "a,b"', "ends with blank "]));
  expect(row).toBe('0,1,"python 7 / main, first","say ""a,b""",,kernel,0,5,5,0,0,,,0');
  expect(second).toContain('"ends with blank "');
});

it.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1+2", "'-1+2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["  =1", "'  =1"],
  ["\t=1", "'\t=1"],
  ["＝1", "'＝1"],
  ["aten::mm", "aten::mm"],
  ["a=b", "a=b"],
])("takes no part in formulas: %s", async (name, cell) => {
  const rows = await tableOf(traceOf([name]));
  expect(rows[1].startsWith(`0,1,"python 7 / main, first",${cell},`)).toBe(true);
});

it("hides home folders", async () => {
  expect((await tableOf(traceOf(["/home/ada/x.py"])))[1]).toContain(",~/x.py,");
});
