import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatLink,
  isLink,
  LinkError,
  mostRowRanges,
  parseLink,
  type ViewLink,
} from "../../../electron/contract/view-link.ts";

const content = "0123456789abcdef".repeat(4);
const plain: ViewLink = {
  source: { kind: "file", path: "/home/ada/traces/step 3 (über).json.gz" },
  content,
  startNs: 1200.5,
  endNs: 98_000,
  selection: { kind: "none" },
};
const text = formatLink(plain);

const time = fc.integer({ min: -1e12, max: 2 ** 52 });
const span = fc
  .tuple(time, fc.integer({ min: 1, max: 1e9 }))
  .map(([startNs, width]) => ({ startNs, endNs: startNs + width }));
const whole = fc.integer({ min: 0, max: 2 ** 31 });
const link = fc.record({
  source: fc.oneof(
    fc
      .string({ unit: "grapheme", maxLength: 60 })
      .filter((name) => !/\p{Cc}/u.test(name) && !name.startsWith("/"))
      .map((name) => ({ kind: "file" as const, path: `/${name}` })),
    fc.constantFrom(
      { kind: "file" as const, path: "C:\\traces\\a&b=c#d.json" },
      { kind: "sample" as const, id: "training-step" },
    ),
  ),
  content: fc.constant(content),
  view: span,
  selection: fc.oneof(
    fc.constant({ kind: "none" as const }),
    fc.record({ kind: fc.constant("span" as const), track: whole, depth: whole, startNs: time, durationNs: fc.nat() }),
    fc.record({ kind: fc.constant("instant" as const), instant: whole }),
    span.map((range) => ({ kind: "range" as const, ...range })),
    fc
      .tuple(span, fc.array(fc.tuple(fc.nat(1e6), fc.nat(100)), { minLength: 1, maxLength: mostRowRanges }))
      .map(([range, rows]) => ({
        kind: "area" as const,
        ...range,
        rows: rows.map(([first, more]) => [first, first + more] as const),
      })),
  ),
});

describe("links to views", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(link, ({ view, ...rest }) => {
        const made: ViewLink = { ...rest, ...view };
        expect(parseLink(`  ${formatLink(made)}\n`)).toEqual(made);
      }),
    );
    expect(text).toMatch(
      /^deltaflame:\/\/view\?file=\/home\/ada\/traces\/step%203%20\(%C3%BCber\)\.json\.gz&content=0123/,
    );
    expect(isLink(` ${text}`)).toBe(true);
    expect(isLink("/home/ada/deltaflame.json")).toBe(false);
  });

  it("are never taken for less than they are: changed anywhere they are refused, or say just that", () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom("", "%", "&", "=", "/", "\\", "\u0000", ",", "9"),
        (at, put) => {
          const changed = text.slice(0, at) + put + text.slice(at + 1);
          try {
            const parsed = parseLink(changed);
            expect(parseLink(formatLink(parsed))).toEqual(parsed);
          } catch (error) {
            expect(error).toBeInstanceOf(LinkError);
          }
        },
      ),
    );
  });

  it.each([
    ["https://example.org/view?file=/a", /no link to a view/],
    ["deltaflame://other?file=/a", /no link to a view/],
    [text.replace("/home", "//host/share"), /names no file of this machine/],
    [text.replace(/file=[^&]*/, "file=\\\\host\\share\\a.json"), /names no file of this machine/],
    [text.replace(/file=[^&]*/, "file=../../etc/passwd"), /names no file of this machine/],
    [text.replace(/file=[^&]*/, "file=/a%00b"), /names no file of this machine/],
    [text.replace(/file=[^&]*&/, ""), /which file/],
    [`${text}&sample=x`, /which file/],
    [text.replace(/file=[^&]*/, "sample=../x"), /no sample/],
    [text.slice(0, 120), /which content/],
    [text.replace(/view=[^&]*/, "view=5,5"), /“view”/],
    [text.replace(/view=[^&]*/, "view=NaN,Infinity"), /“view”/],
    [text.replace(/view=[^&]*/, "view=0,1e308"), /“view”/],
    [`${text}&span=1,2,3`, /“span”/],
    [`${text}&area=1,2`, /“area”/],
    [`${text}&area=1,2,9-3`, /“area”/],
    [`${text}&area=1,2${",1".repeat(mostRowRanges + 1)}`, /“area”/],
    [`${text}&range=1,2&instant=3`, /more than one/],
    [`${text}&run=rm`, /not known: “run”/],
    [`${text}&content=${content}`, /“content” twice/],
    [`${text}&range=%E0%A4%A`, /percent sign/],
    [`${text}${"a".repeat(20_000)}`, /too long/],
  ])("is refused in words: %s", (wrong, message) => {
    expect(() => parseLink(wrong)).toThrow(message);
    expect(() => parseLink(wrong)).toThrow(LinkError);
  });
});
