import { describe, expect, it } from "vitest";
import { noArguments } from "../../../traces/advise/inputs.ts";
import { compareTraces } from "../../../traces/compare/compare-traces.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { compareMeasurements } from "../../../traces/compare/measurements/compare-measurements.ts";
import type { Measurement, MeasurementSet } from "../../../traces/measure/measurement.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { checkClaims } from "../../../traces/report/claims/check-claims.ts";
import { readLedger } from "../../../traces/report/claims/ledger.ts";
import { collectReport } from "../../../traces/report/collect-report.ts";
import { renderPage, renderReport } from "../../../traces/report/render-report.ts";
import { pageOfResults } from "../../../traces/report/results/results-report.ts";
import type { ReportFormat } from "../../../traces/report/report.ts";

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(2)>`,
  `' onmouseover='alert(3)`,
  `</title></style></svg><svg onload=alert(4)>`,
  `]]>&lt;b&gt;<!-- --><?xml x?>`,
  `[link](javascript:alert(5)) ![p](https://evil.example/x.png)`,
  `| a | b |\n| --- | --- |\n# heading\n- item`,
  `@everyone https://evil.example www.evil.example <https://evil.example>`,
  "`code` **bold** ~~gone~~ $x$ \\",
  `\u202Egnp.exe\u0000\u0007\u{1F600}\uD800`,
  `__proto__`,
  `constructor`,
];

function hostileSide(factor: number): SideInput {
  const builder = createTraceBuilder();
  const process = builder.addTrack({ kind: "process", name: hostile[0] ?? "" });
  const thread = builder.addTrack({ kind: "thread", name: hostile[1] ?? "", parent: process });
  const device = builder.addTrack({ kind: "device", name: hostile[3] ?? "" });
  const stream = builder.addTrack({ kind: "stream", name: hostile[3] ?? "", parent: device });
  let time = 0;
  for (let step = 0; step < 8; step++) {
    const start = time;
    for (const name of hostile) {
      const ns = Math.round(1000 * factor + ((step * 5) % 7) * 10);
      builder.addSpan(thread, time, ns, builder.intern(name), SpanKind.op, builder.category("c"), 0);
      builder.addSpan(stream, time, ns, builder.intern(name), SpanKind.kernel, builder.category("c"), 0);
      time += ns;
    }
    builder.addSpan(thread, start, time - start, builder.intern("step"), SpanKind.step, builder.category("c"), 0);
  }
  const trace = builder.seal({
    name: hostile[2] ?? "",
    format: "made",
    formatLabel: hostile[3] ?? "",
    facts: [["GPU", `${hostile[1]} ${factor}`]],
  });
  const fileName = `${hostile[4]}${hostile[7]}`;
  return {
    label: `${hostile[0]} ${factor}`,
    itemsPerStep: null,
    parts: [{ key: "k", fileName, trace, startNs: -Infinity, endNs: Infinity }],
  };
}

function render(format: ReportFormat): string {
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 100, allowIncomparable: false };
  const comparison = runSliced(compareTraces(hostileSide(1), hostileSide(2), options));
  const quoted = JSON.stringify(hostile[0]);
  const claims = checkClaims(
    readLedger(
      `title: ${quoted}\nclaims:\n  - { text: ${JSON.stringify(hostile[1])}, source: ${quoted}, unit: ${quoted}, stated: 1, computed: "2" }`,
    ),
    null,
  );
  const report = collectReport(comparison, {
    title: hostile[3] ?? "",
    version: hostile[0] ?? "",
    commandLine: hostile[1] ?? "",
    claims,
    scaling: [],
    inputs: { before: noArguments, after: noArguments },
    hiddenSections: [],
  });
  return renderReport(runSliced(report), format).text;
}

/** The same names as paths, units and facts of benchmark results, over sizes so that curves are drawn. */
function renderResults(format: ReportFormat): string {
  const set = (factor: number): MeasurementSet => ({
    name: `${hostile[4]}${hostile[7]}`,
    format: "made",
    formatLabel: hostile[3] ?? "",
    producer: null,
    facts: [["GPU", `${hostile[1]} ${factor}`]],
    measurements: hostile.flatMap((name, at) =>
      [1, 2, 4].map((size): Measurement => ({
        path: [name, `${size}`],
        values: Array.from({ length: 8 }, (_, i) => factor * (size + ((i * 5) % 7) / 100)),
        warmups: [],
        stated: null,
        unit: { symbol: at < 6 ? "ms" : name, source: "stated" },
        better: "lower",
      })),
    ),
    ledger: { numbersRead: 0, values: 0, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  });
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 100, allowIncomparable: false };
  const page = pageOfResults({
    title: hostile[3] ?? "",
    version: hostile[0] ?? "",
    commandLine: hostile[1] ?? "",
    hiddenSections: [],
    comparison: compareMeasurements([set(1)], [set(2)], options),
  });
  return renderPage(page, format).text;
}

describe.each([
  ["of spans", render],
  ["of benchmark results", renderResults],
])("hostile names %s", (_, write) => {
  it("stay text in HTML: no element, attribute or address comes from a name", () => {
    const html = write("html");
    const tags = new Set([...html.matchAll(/<([a-zA-Z!?/][^\s>]*)/g)].map(([, tag]) => (tag ?? "").replace("/", "")));
    const allowed =
      "!doctype html head meta title style body main h1 h2 p section ul li table thead tbody tr th td button div figure figcaption svg g rect circle text line path script";
    expect([...tags].filter((tag) => !allowed.split(" ").includes(tag))).toEqual([]);
    expect(html.match(/<script/g)).toHaveLength(1);
    // Inside tags: only attributes that writers write.
    const attributes = new Set(
      [...html.matchAll(/<[a-z][^>]*>/gi)].flatMap(([tag]) =>
        [...tag.replace(/"[^"]*"/g, "").matchAll(/\s([a-zA-Z-]+)=/g)].map(([, name]) => name ?? ""),
      ),
    );
    expect([...attributes].filter((name) => /^on|^href$|^src$|^style$/i.test(name))).toEqual([]);
    expect(html).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|\u202E/u);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("default-src 'none'");
  });

  it("stay text in Markdown: no link, picture, mention, row or heading comes from a name", () => {
    const markdown = write("markdown");
    expect(markdown).not.toMatch(/<(?!\/?$)[a-z!?/]/i);
    expect(markdown).not.toMatch(/[^\\]\]\(/);
    expect(markdown).not.toMatch(/https?:\/\/|@everyone|\bwww\./);
    expect(markdown).not.toMatch(/^# heading|^- item/m);
    for (const line of markdown.split("\n").filter((text) => text.startsWith("|"))) {
      const cells = line.replace(/\\./g, "").split("|").length - 2;
      expect([2, 3, 4, 5, 6, 7, 8, 9, 16]).toContain(cells);
    }
  });

  it("stay text in JUnit: well-formed, names in attributes only", () => {
    const xml = write("junit");
    const tags = new Set([...xml.matchAll(/<([^\s>/]+)/g)].map(([, tag]) => tag));
    expect([...tags].toSorted()).toEqual(["?xml", "failure", "testcase", "testsuite", "testsuites"]);
    expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
    expect(xml).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|\uFFFE|\uFFFF/u);
  });

  it("come back unchanged from JSON", () => {
    const report = JSON.parse(write("json")) as {
      readonly kernels?: { readonly rows: readonly { readonly name: string }[] };
      readonly rows: readonly { readonly name: string }[];
    };
    const names = (report.kernels?.rows ?? report.rows).map(({ name }) => name.replace(/ \/ \d$/, ""));
    for (const name of hostile.slice(0, 9)) expect(names).toContain(name);
  });

  it("give the same bytes each time", () => {
    for (const format of ["html", "markdown", "json", "junit"] as const) expect(write(format)).toBe(write(format));
  });
});
