import type { EngineClient, SpanBrief, TraceKey } from "../../electron/contract/engine-contract.ts";
import { type LinkedSelection, mostRowRanges, parseLink } from "../../electron/contract/view-link.ts";
import type { SliceCreator } from "./store.ts";
import type { Selection, TraceTab } from "./trace-tab.ts";
import { findTab, updateTab } from "./update-tab.ts";

export interface LinkSlice {
  /** Puts a link to what is on the screen on the clipboard. */
  copyLink(key: TraceKey): Promise<void>;
  /** Goes where a link leads: in a tab that holds its content, else in a new one, once the user agrees to the file. */
  openLink(text: string): Promise<void>;
  /** Restores the view that a tab was opened for, now that its file is read. */
  followLink(key: TraceKey): Promise<void>;
}

const pageSpans = 500;

export const createLinkSlice: SliceCreator<LinkSlice> =
  ({ platform }) =>
  (set, get) => ({
    async copyLink(key) {
      const tab = findTab(get(), key);
      if (tab === null) return;
      try {
        if (tab.isLive) throw new Error("The spans of a run lie in no file: export them, and open what was exported.");
        if (tab.fingerprint === null) throw new Error("The file is not read to its end yet.");
        const { startNs, endNs } = tab.viewport;
        const place = { content: tab.fingerprint, startNs, endNs, selection: linked(tab.selection) };
        await platform.shell.invoke("link.copy", { token: tab.token, place });
        const isCut = tab.selection.kind === "area" && place.selection.kind === "range";
        get().announce(
          isCut ? "Link copied; the area is of too many rows, the link selects its time" : "Link to this view copied",
        );
      } catch (error) {
        get().report("There is no link to this view.", error, key);
      }
    },
    async openLink(text) {
      try {
        const { source: _source, ...link } = parseLink(text);
        const open = get().tabs.find((tab) => tab.fingerprint === link.content);
        if (open === undefined) {
          const grant = await platform.shell.invoke("link.open", { text });
          if (grant === null) return;
          get().openFiles([grant]);
          const key = get().activeKey;
          if (key !== null) set(updateTab(key, () => ({ link })));
        } else {
          get().activateTab(open.key);
          set(updateTab(open.key, () => ({ link })));
          await get().followLink(open.key);
        }
      } catch (error) {
        get().report("The link could not be followed.", error);
      }
    },
    async followLink(key) {
      const { engine } = get();
      const tab = findTab(get(), key);
      if (tab?.link == null || engine === null) return;
      const { link } = tab;
      set(updateTab(key, () => ({ link: null })));
      try {
        // Without a fingerprint reading it has failed, and said so.
        if (tab.fingerprint === null) return;
        if (tab.fingerprint !== link.content)
          throw new Error(
            `${tab.fileName} has other contents than when the link was made, so its view and selection are not restored.`,
          );
        get().zoomTo(key, { startNs: link.startNs, endNs: link.endNs }, true);
        const selection = await find(engine, tab, link.selection);
        if (selection === null) throw new Error("What the link selects is not in the file; its time is shown.");
        if (selection.kind === "span") get().selectSpan(key, selection.span, true);
        else get().select(key, selection);
        // To bring the track into view may have moved the time.
        get().zoomTo(key, { startNs: link.startNs, endNs: link.endNs }, false);
        get().announce("The view of the link is restored");
      } catch (error) {
        get().report("The link was followed in part.", error, key);
      }
    },
  });

/** What of a selection goes into a link. */
function linked(selection: Selection): LinkedSelection {
  switch (selection.kind) {
    case "none":
      return { kind: "none" };
    case "span": {
      const { track, depth, startNs, durationNs } = selection.span;
      return { kind: "span", track, depth, startNs, durationNs };
    }
    case "instant":
      return { kind: "instant", instant: selection.instant.instant };
    case "range":
      return selection;
    case "area": {
      const { startNs, endNs } = selection;
      const rows = toRanges(selection.rows);
      return rows.length > mostRowRanges ? { kind: "range", startNs, endNs } : { kind: "area", startNs, endNs, rows };
    }
  }
}

function toRanges(rows: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && row <= last[1] + 1) last[1] = row;
    else ranges.push([row, row]);
  }
  return ranges;
}

/** What a link selects, in the trace; null where there is no such thing. */
async function find(engine: EngineClient, tab: TraceTab, selection: LinkedSelection): Promise<Selection | null> {
  const { summary } = tab;
  if (summary === null) return null;
  switch (selection.kind) {
    case "none":
    case "range":
      return selection;
    case "instant":
      if (selection.instant >= summary.instantCount) return null;
      return {
        kind: "instant",
        instant: await engine.call("instant.details", { trace: tab.key, instant: selection.instant }),
      };
    case "span": {
      const span = await findSpan(engine, tab, selection);
      return span === null ? null : { kind: "span", span };
    }
    case "area": {
      const { startNs, endNs } = selection;
      const rows = selection.rows.flatMap(([first, last]) =>
        Array.from({ length: Math.max(0, Math.min(last, summary.rowCount - 1) - first + 1) }, (_, at) => first + at),
      );
      return rows.length === 0 ? null : { kind: "area", startNs, endNs, rows };
    }
  }
}

async function findSpan(
  engine: EngineClient,
  { key, summary }: TraceTab,
  { track: id, depth, startNs, durationNs }: Extract<LinkedSelection, { readonly kind: "span" }>,
): Promise<SpanBrief | null> {
  const track = summary?.tracks[id];
  if (track === undefined || track.rowCount === 0) return null;
  const rows = Array.from({ length: track.rowCount }, (_, at) => track.firstRow + at);
  const { spans } = await engine.call("span.list", {
    trace: key,
    scope: { startNs, endNs: startNs + 1, rows },
    first: 0,
    count: pageSpans,
  });
  return (
    spans.find((span) => span.depth === depth && span.startNs === startNs && span.durationNs === durationNs) ?? null
  );
}
