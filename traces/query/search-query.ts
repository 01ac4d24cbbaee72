import { UserFacingError } from "../model/errors.ts";
import { isSpanKindName, spanKindNames, type SpanKindName } from "../model/span-kind.ts";

/** What a span must be to be a hit; all parts hold together. */
export interface SearchQuery {
  /** Parts of the name, in lower case. */
  readonly texts: readonly string[];
  readonly patterns: readonly RegExp[];
  /** Parts of the category, in lower case. */
  readonly categories: readonly string[];
  /** Parts of the name or detail of the track or of one that holds it, in lower case. */
  readonly tracks: readonly string[];
  /** Any of the kinds of each part: `kind:kernel,op`. */
  readonly kinds: readonly (readonly SpanKindName[])[];
  /** Closed spans with leastNs ≤ duration ≤ mostNs; null when the query says nothing of durations. */
  readonly duration: DurationLimits | null;
}

/**
 * Parts are separated by spaces: text, "text with spaces", /expression/, cat:TEXT, track:TEXT, kind:KIND[,KIND],
 * dur>2ms, dur<=10us. Text and expressions ignore case. Null for a query without parts.
 * Throws UserFacingError for an expression, kind or duration that cannot be understood.
 */
export function parseSearchQuery(text: string): SearchQuery | null {
  const query = {
    texts: [] as string[],
    patterns: [] as RegExp[],
    categories: [] as string[],
    tracks: [] as string[],
    kinds: [] as SpanKindName[][],
  };
  const limits: DurationLimits[] = [];
  const parts = splitQuery(text);
  for (const part of parts) {
    const value = part.value.toLowerCase();
    switch (part.kind) {
      case "text":
        query.texts.push(value);
        break;
      case "pattern":
        query.patterns.push(parsePattern(part.value));
        break;
      case "cat":
        query.categories.push(value);
        break;
      case "track":
        query.tracks.push(value);
        break;
      case "kind":
        query.kinds.push(parseKinds(part.value));
        break;
      case "dur":
        limits.push(parseDuration(part.value));
        break;
    }
  }
  const duration =
    limits.length === 0
      ? null
      : {
          leastNs: Math.max(...limits.map((limit) => limit.leastNs)),
          mostNs: Math.min(...limits.map((limit) => limit.mostNs)),
        };
  return parts.length === 0 ? null : { ...query, duration };
}

/** Whether all that `query` finds is surely found by `wider`, too. */
export function isNarrower(query: SearchQuery, wider: SearchQuery): boolean {
  const contain = (texts: readonly string[], parts: readonly string[]): boolean =>
    parts.every((part) => texts.some((text) => text.includes(part)));
  const sources = query.patterns.map(({ source }) => source);
  return (
    contain(query.texts, wider.texts) &&
    contain(query.categories, wider.categories) &&
    contain(query.tracks, wider.tracks) &&
    sources.length === wider.patterns.length &&
    wider.patterns.every(({ source }) => sources.includes(source)) &&
    wider.kinds.every((any) => query.kinds.some((kinds) => kinds.every((kind) => any.includes(kind)))) &&
    (wider.duration === null ||
      (query.duration !== null &&
        query.duration.leastNs >= wider.duration.leastNs &&
        query.duration.mostNs <= wider.duration.mostNs))
  );
}

interface DurationLimits {
  readonly leastNs: number;
  readonly mostNs: number;
}

interface QueryPart {
  readonly kind: "text" | "pattern" | "cat" | "track" | "kind" | "dur";
  readonly value: string;
}

/** One part at a time, from the start of the rest. A part that fits no other form is text. */
const partForms: readonly (readonly [kind: QueryPart["kind"], form: RegExp])[] = [
  ["pattern", /^\/((?:[^/\\]|\\.)+)\/i?(?=\s|$)/],
  ["text", /^"([^"]*)"?/],
  ["cat", /^cat:(?:"([^"]*)"?|(\S+))/i],
  ["track", /^track:(?:"([^"]*)"?|(\S+))/i],
  ["kind", /^kind:(\S+)/i],
  ["dur", /^dur\s*([<>=]=?\s*\S*)/i],
  ["text", /^(\S+)/],
];

function splitQuery(text: string): QueryPart[] {
  const parts: QueryPart[] = [];
  let rest = text.trimStart();
  while (rest !== "") {
    for (const [kind, form] of partForms) {
      const match = form.exec(rest);
      if (match === null) continue;
      const value = match[1] ?? match[2];
      if (value !== "") parts.push({ kind, value });
      rest = rest.slice(match[0].length).trimStart();
      break;
    }
  }
  return parts;
}

function parseKinds(text: string): SpanKindName[] {
  return text
    .split(",")
    .filter((word) => word !== "")
    .map((word) => {
      const kind = spanKindNames.find((name) => name.toLowerCase() === word.toLowerCase());
      if (kind === undefined || !isSpanKindName(kind)) {
        throw new UserFacingError(`"${word}" is no kind of span; there are ${spanKindNames.join(", ")}.`);
      }
      return kind;
    });
}

const nsPerUnit: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
]);

function parseDuration(text: string): DurationLimits {
  const match = /^(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?|\.\d+)([a-zµμ]*)$/i.exec(text);
  if (match === null)
    throw new UserFacingError(`"dur${text}" is no duration limit; write one like dur>2ms or dur<=10us.`);
  const [, sign, number, unit] = match;
  const factor = nsPerUnit.get(unit.toLowerCase());
  if (factor === undefined) {
    throw new UserFacingError(
      unit === ""
        ? `"dur${text}" has no unit; use ns, us, ms or s.`
        : `"${unit}" is no unit of time; use ns, us, ms or s.`,
    );
  }
  // Durations are whole ns, so limits are too; rounding first keeps 0.1 us from becoming 100.00000000000001 ns.
  const limitNs = Math.round(Number(number) * factor * 1e3) / 1e3;
  switch (sign) {
    case ">":
      return { leastNs: Math.floor(limitNs) + 1, mostNs: Infinity };
    case ">=":
      return { leastNs: Math.ceil(limitNs), mostNs: Infinity };
    case "<":
      return { leastNs: 0, mostNs: Math.ceil(limitNs) - 1 };
    case "<=":
      return { leastNs: 0, mostNs: Math.floor(limitNs) };
    default:
      return { leastNs: Math.ceil(limitNs), mostNs: Math.floor(limitNs) };
  }
}

/** How long it may take is the matter of whoever runs it (`MatchNames`). */
function parsePattern(source: string): RegExp {
  try {
    return new RegExp(source, "i");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : String(cause);
    throw new UserFacingError(`The expression cannot be read: ${reason}.`, { cause });
  }
}
