// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import type { RenderedReport, ReportRequest } from "../../../../electron/contract/compare-contract.ts";
import { ReportView } from "../../../../renderer/views/report/ReportView.tsx";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { compareWork } from "../../../fixtures/compared-traces.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

const { summary } = compareWork({ load: 30e6, train: 70e6 }, { load: 10e6, train: 70e6 });
const rendered = (request: ReportRequest): RenderedReport => ({
  fileName: `${request.title}.html`,
  mediaType: "text/html",
  text: `<!doctype html><title>${request.title}</title><script>alert(1)</script>`,
  sections: [
    { id: "verdict", title: "Verdict", isCollected: true },
    { id: "accuracy", title: "Accuracy", isCollected: false },
  ],
});

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

/** The view over a comparison that is done and a report that is written. */
async function openReport(): Promise<Rendered> {
  page = await renderInApp(<ReportView />, (store) =>
    store.getState().compareFiles([grantOf("a.json"), grantOf("b.json")]),
  );
  const shown = page;
  await shown.update(async () => {
    for (const tab of shown.store.getState().tabs)
      shown.engine.calls
        .find((call) => (call.request as { readonly trace?: string }).trace === tab.key)
        ?.resolve(summaryOf(tab.key));
    await settled();
  });
  await shown.update(async () => {
    shown.engine.last("compare.start").resolve(summary);
    await settled();
  });
  await write(shown);
  return shown;
}
const asked = (shown: Rendered): ReportRequest => shown.engine.last("report.render").request as ReportRequest;
async function write(shown: Rendered): Promise<void> {
  await shown.update(async () => {
    shown.engine.last("report.render").resolve(rendered(asked(shown)));
    await settled();
  });
}

describe("the report view", () => {
  test("without a comparison leads to one", async () => {
    page = await renderInApp(<ReportView />);
    expect(page.root.textContent).toContain("A report shows a comparison");
    await page.update(() => page?.role("button", "Choose what to compare").click());
    expect(page.store.getState().otherView).toBe("compare");
  });

  test("shows the very page, in a frame that can do nothing but run its own script", async () => {
    const shown = await openReport();
    const frame = shown.root.querySelector("iframe");
    expect(frame?.getAttribute("srcdoc")).toBe(rendered(asked(shown)).text);
    expect(frame?.getAttribute("sandbox")).toBe("allow-scripts");
    expect(shown.root.textContent).toContain("deltaflame compare a.json --vs b.json --gate 5% --alpha 0.05");
  });

  test("a section that is switched off is not asked for; what was not collected is said", async () => {
    const shown = await openReport();
    expect(shown.root.textContent).toContain("Accuracynot collected");
    const boxes = [...shown.root.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
    await shown.update(() => boxes[0]?.click());
    expect(asked(shown).hiddenSections).toEqual(["verdict"]);
    await shown.update(() => boxes[0]?.click());
    expect(asked(shown).hiddenSections).toEqual([]);
  });

  test("a fault in the claims is told beside them, and the last page stays", async () => {
    const shown = await openReport();
    await shown.update(async () => {
      shown.store.getState().setClaimsText("claims: [");
      await settled();
    });
    expect(asked(shown).claims).toBe("claims: [");
    await shown.update(async () => {
      shown.engine.last("report.render").reject(new UserFacingError("line 1: the list is not closed"));
      await settled();
    });
    expect(shown.role("alert").textContent).toBe("line 1: the list is not closed");
    expect(shown.root.querySelector("iframe")).not.toBeNull();
  });

  test("takes benchmark results of both sides for scaling curves, and says when they share none", async () => {
    const shown = await openReport();
    const choose = async (side: string, file: string): Promise<void> => {
      shown.platform.answer("file.choose", [grantOf(file)]);
      const select = shown.root.querySelector<HTMLSelectElement>(`select[aria-label="Results ${side}"]`);
      if (select === null) throw new Error(`no choice of results ${side}`);
      await shown.update(async () => {
        select.value = "choose a file";
        select.dispatchEvent(new Event("change", { bubbles: true }));
        await settled();
      });
      expect(select.selectedOptions[0]?.textContent).toBe(file);
    };
    await choose("before", "old runs.json");
    expect(asked(shown).scaling).toBeNull();
    expect(shown.root.textContent).toContain("Results of the other side are missing: after.");
    await choose("after", "new.json");
    expect(asked(shown)).toMatchObject({
      scaling: { before: "token old runs.json", after: "token new.json" },
      commandLine: expect.stringMatching(/ --report report\.html --scaling 'old runs\.json' new\.json$/) as string,
    });
    await shown.update(async () => {
      const reply = rendered(asked(shown));
      const sections = [...reply.sections, { id: "scaling", title: "Scaling", isCollected: false }];
      shown.engine.last("report.render").resolve({ ...reply, sections });
      await settled();
    });
    expect(shown.role("alert").textContent).toContain("No benchmark of these two files");
    await shown.update(async () => {
      shown.store.getState().setReportCurves("after", null);
      await settled();
    });
    expect(asked(shown).scaling).toBeNull();
    expect(shown.all("alert")).toHaveLength(0);
  });

  test.each([
    ["HTML", "html", "file.save"],
    ["JUnit", "junit", "file.save"],
    ["PDF", "html", "file.savePdf"],
  ] as const)("saves %s", async (button, format, command) => {
    const shown = await openReport();
    await shown.update(async () => {
      shown.role("button", `Save the report as ${button}`).click();
      await settled();
    });
    expect(asked(shown).format).toBe(format);
    await write(shown);
    await shown.update(settled);
    const [invoked, request] = shown.platform.invoked.at(-1) ?? [];
    expect(invoked).toBe(command);
    if (button === "PDF") expect(request).toMatchObject({ html: rendered(asked(shown)).text });
    expect((request as { readonly suggestedName: string }).suggestedName).toMatch(
      button === "PDF" ? /\.pdf$/ : /\.html$/,
    );
  });
});
