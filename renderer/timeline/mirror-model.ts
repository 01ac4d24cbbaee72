import type { EngineClient, SpanBrief, TraceKey } from "../../electron/contract/engine-contract.ts";

/** The neighborhood of a span as a tree for screen readers. */
export interface Mirror {
  /** Outermost first. */
  readonly ancestors: readonly SpanBrief[];
  readonly siblings: readonly SpanBrief[];
  /** Position of the first of `siblings` among all, 0-based. */
  readonly firstSibling: number;
  readonly siblingCount: number;
  readonly focus: SpanBrief;
  readonly children: readonly SpanBrief[];
  readonly childCount: number;
}

const siblingReach = 20;
const maxChildren = 50;

/** Asks the engine for ancestors, up to 20 siblings on both sides and up to 50 children of a span. */
export async function readMirror(engine: EngineClient, trace: TraceKey, span: number): Promise<Mirror> {
  const details = await engine.call("span.details", { trace, span });
  const { brief, ancestors } = details;
  const parent = ancestors.at(-1);
  const around = parent === undefined ? {} : { startNs: parent.startNs, endNs: parent.startNs + parent.durationNs };
  const before = await engine.call("span.list", {
    trace,
    scope: { rows: [brief.row], startNs: parent?.startNs ?? 0, endNs: brief.startNs },
    first: 0,
    count: 0,
  });
  const firstSibling = Math.max(0, before.total - siblingReach);
  const siblings = await engine.call("span.list", {
    trace,
    scope: { rows: [brief.row], ...around },
    first: firstSibling,
    count: 2 * siblingReach + 1,
  });
  const children =
    details.childCount === 0
      ? []
      : (
          await engine.call("span.list", {
            trace,
            scope: { rows: [brief.row + 1], startNs: brief.startNs, endNs: brief.startNs + brief.durationNs },
            first: 0,
            count: maxChildren,
          })
        ).spans;
  const known = siblings.spans.some((each) => each.span === brief.span);
  return {
    ancestors,
    focus: brief,
    siblings: known ? siblings.spans : [brief],
    firstSibling: known ? firstSibling : before.total,
    siblingCount: Math.max(siblings.total, 1),
    children: children.filter((each) => each.depth === brief.depth + 1),
    childCount: details.childCount,
  };
}
