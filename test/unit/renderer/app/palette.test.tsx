// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { CommandPalette } from "../../../../renderer/app/CommandPalette.tsx";
import { LinkDialog } from "../../../../renderer/app/LinkDialog.tsx";
import { useAppStore } from "../../../../renderer/state/store.ts";
import { grantOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

function Shown() {
  return <CommandPalette context={{ store: useAppStore(), timeline: null }} />;
}

const items = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="option"]')];
const titled = (title: string): HTMLElement | undefined => items().find((item) => item.textContent === title);

async function type(text: string): Promise<void> {
  const input = document.querySelector("input") ?? expect.fail("no field");
  await page?.update(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

test("every bundled sample has an entry, found by what it shows", async () => {
  page = await renderInApp(<Shown />, (store, platform) => {
    store.setState({
      samples: [
        { id: "s1", name: "Small training", description: "Three steps on a GPU.", bytes: 1, pair: null },
        { id: "s2", name: "Input pipeline", description: "A queue.", bytes: 1, pair: null },
      ],
    });
    platform.answer("file.openSample", grantOf("sample.json"));
  });
  expect(titled("Open the sample “Small training”")).toBeDefined();
  await type("queue");
  expect(titled("Open the sample “Small training”")).toBeUndefined();
  await page.update(() => titled("Open the sample “Input pipeline”")?.click());
  expect(page.platform.invoked).toContainEqual(["file.openSample", { id: "s2" }]);
});

test("a command that rests is told from one that does not exist", async () => {
  page = await renderInApp(<Shown />);
  await type("as a chrome trace");
  expect(document.body.textContent).toContain("“Export as a Chrome trace…” cannot be done now.");
  await type("zzzz");
  expect(document.body.textContent).toContain("No command of this name.");
});

test("a pasted link is an entry of its own, the only one", async () => {
  page = await renderInApp(<Shown />);
  await type("deltaflame://view?file=/a");
  expect(items().map((item) => item.textContent)).toEqual(["Open this link"]);
  await page.update(() => items()[0]?.click());
  expect(page.store.getState().notices.map(({ detail }) => detail)).toEqual([expect.stringMatching(/which content/)]);
});

test("the dialog for links says what is wrong before it opens anything", async () => {
  page = await renderInApp(<LinkDialog />);
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent === "Open");
  await page.update(() => button?.click());
  expect(document.body.textContent).toContain("Paste a link here.");
  await type("/home/ada/trace.json and more words");
  expect(document.body.textContent).toContain("This is no link to a view");
  expect(page.platform.invoked).toEqual([]);
});
