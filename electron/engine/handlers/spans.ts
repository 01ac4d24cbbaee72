import type { EventPlace } from "../../../traces/importers/importer.ts";
import { flagsOf, endSourceOf, noCategory, sourceOffsetOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";
import { findLinks } from "../../../traces/query/links.ts";
import { ancestorsOf, countChildren, findNeighbor } from "../../../traces/query/neighbors.ts";
import { toSpanBrief } from "../../../traces/query/span-brief.ts";
import { createSpanList, type SpanList } from "../../../traces/query/span-list.ts";
import { createPartnerIndex, createTraceIndex, type PartnerIndex } from "../../../traces/query/trace-index.ts";
import { type ArgumentList, canBeRead, readArguments } from "../read-arguments.ts";
import { createRecent, type Recent } from "../recent.ts";
import { derive, type CurrentTrace, type OpenTrace } from "../trace-store.ts";
import { isPacked } from "../unpack-events.ts";
import type { JobContext } from "../serve-client.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { checkInstant, checkSpan } from "./known-ids.ts";
import { textOf } from "../../../traces/model/text-table.ts";

const largestLinkList = 200;
const largestAncestorList = 200;
/** Span lists kept per snapshot, 4 B a span each. */
const keptLists = 2;

type SpanCommands = "span.details" | "span.neighbor" | "span.list" | "instant.details";

export function createSpanHandlers({ store }: HandlerParts): Pick<Handlers, SpanCommands> {
  return {
    async "span.details"({ trace: key, span }, context) {
      const current = store.current(key);
      const { trace } = current;
      checkSpan(trace, span);
      const partners = await partnersOf(current, context);
      const brief = toSpanBrief(trace, span);
      const name = trace.spans.name[span] ?? 0;
      const { nameTotals } = current;
      const { links, omitted } = findLinks(partners, span, largestLinkList);
      const isDerived = (flagsOf(trace.spans, span) & SpanFlag.derived) !== 0;
      const place = {
        offset: sourceOffsetOf(trace.spans, span),
        name: brief.name,
        endOffset: endSourceOf(trace.spans, span),
      };
      return {
        brief,
        ancestors: ancestorsOf(trace, span, largestAncestorList).map((ancestor) => toSpanBrief(trace, ancestor)),
        childCount: countChildren(trace, span),
        sameName: { count: nameTotals.count[name] ?? 0, totalNs: nameTotals.totalNs[name] ?? 0 },
        ...(await argumentsNow(store.entry(key), place, isDerived)),
        links,
        linksOmitted: omitted,
      };
    },

    async "span.neighbor"({ trace: key, span, neighbor }) {
      const current = store.current(key);
      checkSpan(current.trace, span);
      const found = findNeighbor(indexOf(current), span, neighbor);
      return found === null ? null : toSpanBrief(current.trace, found);
    },

    async "span.list"({ trace: key, scope, first, count }, context) {
      const current = store.current(key);
      const lists: Recent<SpanList> = derive(current, "spanLists", () => createRecent(keptLists));
      const list = await lists.get(JSON.stringify(scope), () =>
        context.runSlices(createSpanList(current.trace, scope)),
      );
      return list.page(first, count);
    },

    async "instant.details"({ trace: key, instant }) {
      const { trace } = store.current(key);
      checkInstant(trace, instant);
      const { instants, strings, categories } = trace;
      const name = textOf(strings, instants.name[instant] ?? 0);
      const category = instants.category[instant] ?? noCategory;
      const place = { offset: sourceOffsetOf(instants, instant), name, endOffset: null };
      return {
        instant,
        name,
        category: category === noCategory ? null : textOf(strings, categories[category] ?? 0),
        timeNs: instants.timeNs[instant] ?? 0,
        track: trackOfInstant(trace, instant),
        ...(await argumentsNow(store.entry(key), place, false)),
      };
    },
  };
}

/** What would have to wait for the unpacked copy of a file is left out. */
async function argumentsNow(entry: OpenTrace, place: EventPlace, isDerived: boolean): Promise<ArgumentList> {
  return !isDerived && (await canBeRead(entry)) && (await isPacked(entry))
    ? { args: [], argsUnavailable: null, argsPacked: true }
    : await readArguments(entry, place, isDerived);
}

/** Built in slices when the first span is asked about: it takes a pass over all spans. */
function partnersOf(current: CurrentTrace, context: JobContext): Promise<PartnerIndex> {
  const built: Recent<PartnerIndex> = derive(current, "partners", () => createRecent(1));
  return built.get("", () => context.runSlices(createPartnerIndex(current.trace)));
}

function indexOf(current: CurrentTrace): ReturnType<typeof createTraceIndex> {
  return derive(current, "index", createTraceIndex);
}

function trackOfInstant({ tracks }: Trace, instant: number): number {
  return tracks.findIndex(
    (track) => instant >= track.firstInstant && instant < track.firstInstant + track.instantCount,
  );
}
