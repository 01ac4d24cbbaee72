// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { LongName } from "../../../../renderer/names/LongName.tsx";
import { NameInMiddle } from "../../../../renderer/ui/NameInMiddle.tsx";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const turned = (root: HTMLElement): readonly (string | null)[] =>
  [...root.querySelectorAll("[dir=auto]")].map(({ textContent }) => textContent);

test("a name that runs from right to left stays in one piece, in its own direction", async () => {
  const piecesOf = (words: readonly string[]) => words.map((text, index) => ({ text, isKept: index === 0 }));
  const shown = async (words: readonly string[]): Promise<readonly (string | null)[]> => {
    page = await renderInApp(<LongName pieces={piecesOf(words)} whole={words.join("")} />);
    const found = turned(page.root);
    await page.unmount();
    return found;
  };
  expect(await shown(["אימון ", "מודל (שלב 1)"])).toEqual(["אימון מודל (שלב 1)"]);
  expect(await shown(["training ", "step (1)"])).toEqual([]);
});

test("the name of a file that runs from right to left is not split at its end", async () => {
  page = await renderInApp(<NameInMiddle name="שלב-אימון-ארוך (2).trace.json" />);
  expect(turned(page.root)).toEqual(["שלב-אימון-ארוך (2).trace.json"]);
  expect(page.root.querySelector(".visually-hidden")).toBeNull();
});
