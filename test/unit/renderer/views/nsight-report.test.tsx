// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import type { NsightPlan } from "../../../../electron/contract/nsight-contract.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { StoppedScreen } from "../../../../renderer/views/trace/StoppedScreen.tsx";
import { grantOf, settled } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const error = {
  name: "ReportNeedsExportError",
  message: "expected a trace, found a report of Nsight Systems 2025.5.1, which nsys alone can read; it makes …",
};
const load = { kind: "failed", error } as const;
const tab: TraceTab = { ...createTab("t", grantOf("run.nsys-rep"), 0), load };
const plan: NsightPlan = {
  database: null,
  newDatabase: "run.sqlite",
  nsysVersion: null,
  command: "nsys export --type sqlite --output run.sqlite run.nsys-rep",
};

async function show(answer: NsightPlan): Promise<Rendered> {
  const shown = await renderInApp(<StoppedScreen tab={tab} load={load} />, (store) =>
    store.setState({ tabs: [tab], activeKey: "t" }),
  );
  await shown.update(async () => {
    shown.engine.last("nsight.plan").resolve(answer);
    await settled();
  });
  return (page = shown);
}

describe("a report of Nsight Systems", () => {
  test("without nsys: its producer and the command to type", async () => {
    const { root } = await show(plan);
    expect(root.textContent).toContain("It is a report of Nsight Systems 2025.5.1.");
    expect(root.textContent).toContain("nsys was not found on this machine");
    expect(root.textContent).toContain(plan.command);
    expect(root.textContent).not.toContain("Export with nsys");
  });

  test("with its database beside it: that is offered", async () => {
    const shown = await show({ ...plan, database: "run.sqlite", nsysVersion: "2025.5.1" });
    expect(shown.role("button", "Open run.sqlite")).toBeDefined();
    expect(shown.root.textContent).not.toContain("Export with nsys");
  });

  test("with nsys: nothing runs before a click; it tells how far it is, and can be cancelled", async () => {
    const shown = await show({ ...plan, nsysVersion: "2025.5.1" });
    expect(shown.root.textContent).toContain("It can write run.sqlite beside the report");
    await shown.update(() => shown.role("button", "Export with nsys").click());
    expect(shown.root.textContent).toContain("nsys is writing");
    await shown.update(async () => {
      shown.engine.last("nsight.export").reject(new Error("nsys ended with code 3"));
      await settled();
    });
    expect(shown.root.textContent).toContain("nsys ended with code 3");
    await shown.update(() => shown.role("button", "Export with nsys").click());
    await shown.update(async () => {
      shown.role("button", "Cancel").click();
      await settled();
    });
    // The call was cancelled: nothing failed, and it may start again.
    expect(shown.role("button", "Export with nsys")).toBeDefined();
    expect(shown.root.textContent).not.toContain("code 3");
  });
});
