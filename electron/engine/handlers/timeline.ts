import { durationOf, type Trace } from "../../../traces/model/trace.ts";
import { toSpanBrief } from "../../../traces/query/span-brief.ts";
import { pickStrip, type Picked } from "../../../traces/timeline/pick.ts";
import { drawPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks, type RowBlocks } from "../../../traces/timeline/row-blocks.ts";
import { createSelfShareTrace } from "../../../traces/timeline/self-share.ts";
import type { Picture } from "../../../traces/timeline/view.ts";
import type { Sliced } from "../../../traces/model/sliced.ts";
import type { Pick as PickReply, Strip } from "../../contract/engine-contract.ts";

import type { HandlerParts, Handlers } from "./create-handlers.ts";
import type { JobContext } from "../serve-client.ts";
import { type CurrentTrace, derive } from "../trace-store.ts";
import { findHits } from "./search.ts";
import { textOf } from "../../../traces/model/text-table.ts";

export function createTimelineHandlers({ store }: HandlerParts): Pick<Handlers, "timeline.view" | "timeline.pick"> {
  return {
    async "timeline.view"(request, context) {
      const current = store.current(request.trace);
      const { trace } = current;
      const hits =
        request.search === null ? null : await findHits(store.entry(request.trace), current, request.search, context);
      const strips = request.strips.map((strip) => knownPart(trace, strip));
      const { generation, slots = "name" } = request;
      const { colored, blocks } = slots === "name" ? byName(current) : await bySelfShare(current, strips, context);
      const picture = await drawAtOnce(drawPicture(colored, { ...request, strips }, hits, blocks), context);
      return { generation, slots, ...picture };
    },

    async "timeline.pick"({ trace: key, strip, startNs, endNs }) {
      const { trace } = store.current(key);
      const picked = pickStrip(trace, knownPart(trace, strip), startNs, endNs);
      return picked === null ? null : toReply(trace, picked);
    },
  };
}

/** What a picture is drawn from. Copies of rows hold slots, so each meaning of these has its own. */
interface Drawable {
  readonly colored: Trace;
  readonly blocks: RowBlocks;
}

function byName(current: CurrentTrace): Drawable {
  return { colored: current.trace, blocks: derive(current, "row blocks", createRowBlocks) };
}

async function bySelfShare(current: CurrentTrace, strips: readonly Strip[], context: JobContext): Promise<Drawable> {
  const share = derive(current, "self share", createSelfShareTrace);
  await context.runSlices(share.prepare(strips.flatMap((strip) => (strip.kind === "rows" ? strip.rows : []))));
  return { colored: share.trace, blocks: derive(current, "self share blocks", () => createRowBlocks(share.trace)) };
}

/** Without a wait for the slice of another question, as nearly every picture is done after one. */
async function drawAtOnce(work: Sliced<Picture>, context: JobContext): Promise<Picture> {
  const first = work.next();
  return first.done === true ? first.value : await context.runSlices(work);
}

/** A window that has not heard of the newest snapshot yet may name rows and tracks that are gone: they stay empty. */
function knownPart(trace: Trace, strip: Strip): Strip {
  if (strip.kind !== "rows") return strip.track < trace.tracks.length ? strip : { kind: "rows", rows: [] };
  const { length } = trace.rows;
  return strip.rows.every((row) => row < length)
    ? strip
    : { kind: "rows", rows: strip.rows.filter((row) => row < length) };
}

function toReply(trace: Trace, picked: Picked): PickReply {
  switch (picked.kind) {
    case "span": {
      const parent = trace.spans.parent[picked.span] ?? -1;
      const parentDurationNs = parent < 0 ? null : durationOf(trace.spans, parent);
      return {
        kind: "span",
        span: toSpanBrief(trace, picked.span),
        count: picked.count,
        busyNs: picked.busyNs,
        parentDurationNs,
      };
    }
    case "instant": {
      const { instants, strings } = trace;
      const name = textOf(strings, instants.name[picked.instant] ?? 0);
      return {
        kind: "instant",
        instant: picked.instant,
        name,
        timeNs: instants.timeNs[picked.instant] ?? 0,
        count: picked.count,
      };
    }
    case "sample": {
      const { timeNs, value } = trace.counters;
      return { kind: "sample", timeNs: timeNs[picked.sample] ?? 0, value: value[picked.sample] ?? Number.NaN };
    }
  }
}
