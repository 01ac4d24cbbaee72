// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import type { ReplayRequest } from "../../../../electron/contract/engine-contract.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { queryOfName } from "../../../../renderer/state/name-query.ts";
import { WhatIfView } from "../../../../renderer/views/what-if/WhatIfView.tsx";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { parseSearchQuery } from "../../../../traces/query/search-query.ts";
import type { WhatIf } from "../../../../traces/replay/what-if.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const tab: TraceTab = { ...createTab("t", grantOf("a.json"), 0), summary: summaryOf("t"), load: { kind: "ready" } };
const unchanged: WhatIf = {
  rule: "stepSpans",
  stepCount: 11,
  leftOut: 1,
  beforeNs: 20e6,
  afterNs: 20e6,
  savedNs: null,
  errorShare: 0,
  edits: [],
  path: [
    { name: "load(batch)", place: "host", kind: SpanKind.io, beforeNs: 8e6, afterNs: 8e6 },
    { name: "between spans of a track", place: "between", kind: SpanKind.other, beforeNs: 1e6, afterNs: 1e6 },
  ],
  hasLaunches: true,
  hasStreamWaits: false,
};

async function openWith(reply: WhatIf): Promise<Rendered> {
  page = await renderInApp(<WhatIfView />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
  await answer(page, reply);
  return page;
}
async function answer(shown: Rendered, reply: WhatIf | Error): Promise<void> {
  await shown.update(async () => {
    const call = shown.engine.last("replay.ask");
    if (reply instanceof Error) call.reject(reply);
    else call.resolve(reply);
    await settled();
  });
}
const askedOf = ({ engine }: Rendered): ReplayRequest["edits"] =>
  (engine.last("replay.ask").request as ReplayRequest).edits;

test("without a trace says what it would do", async () => {
  page = await renderInApp(<WhatIfView />);
  expect(page.root.textContent).toContain("its steps can then be replayed");
});

test("tells what a step is, and asks for what is typed", async () => {
  const shown = await openWith(unchanged);
  expect(askedOf(shown)).toEqual([]);
  expect(shown.root.textContent).toContain("A step takes on average, over 11 steps, 20.0\u2009ms.");
  expect(shown.root.textContent).toContain("11 steps, without 1 step of warm-up, compiling or cut");
  await shown.update(() => shown.role("button", "Add a change").click());
  // Nothing typed changes nothing.
  expect(askedOf(shown)).toEqual([]);
  await shown.update(async () => {
    shown.store.getState().changeWhatIf("t", 1, { query: "load", factor: 0.5, below: true });
    await settled();
  });
  expect(askedOf(shown)).toEqual([{ query: "load", factor: 0.5, below: true }]);
  await answer(shown, {
    ...unchanged,
    afterNs: 16e6,
    savedNs: [3.5e6, 4.5e6],
    edits: [{ spanCount: 12, perStepNs: 8e6 }],
  });
  expect(shown.root.textContent).toContain(
    "A step would take 16.0\u2009ms instead of 20.0\u2009ms: −4.00\u2009ms, −20.0\u2009% (95 % −4.50\u2009ms to −3.50\u2009ms over 11 steps).",
  );
  expect(shown.root.textContent).toContain("12 spans, 8.00\u2009ms of own time a step");
  await shown.update(() => shown.role("button", "Take all back").click());
  expect(askedOf(shown)).toEqual([]);
});

test("says beside the changes why one cannot be asked, and what limits an answer", async () => {
  const shown = await openWith({ ...unchanged, rule: "whole" });
  expect(shown.root.textContent).toContain("nothing tells how sure this is");
  await shown.update(async () => {
    shown.store.getState().addWhatIf("t", "nothing", 0);
    await settled();
  });
  await answer(shown, new UserFacingError('no span is found by "nothing"'));
  expect(shown.role("alert").textContent).toBe('no span is found by "nothing"');
});

test("a name becomes a query that finds it alone, whatever stands in it", () => {
  for (const name of ["void k<float, 4>(int*)", "a/b\\c", "x [y] {z}^$|?+.", "“ü”"]) {
    const [pattern] = parseSearchQuery(queryOfName(name))?.patterns ?? [];
    expect(pattern?.test(name), name).toBe(true);
    expect(pattern?.test(`${name} `)).toBe(false);
  }
});

test("a selected span leads here, once however often it is asked for", async () => {
  const shown = await openWith(unchanged);
  await shown.update(async () => {
    for (let times = 0; times < 2; times++) shown.store.getState().askWithout("t", "load(batch)");
    await settled();
  });
  expect(shown.store.getState().otherView).toBe("whatIf");
  expect(askedOf(shown)).toEqual([{ query: String.raw`/^load\(batch\)$/`, factor: 0, below: false }]);
});
