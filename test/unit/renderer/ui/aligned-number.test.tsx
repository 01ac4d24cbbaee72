// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { AlignedNumber } from "../../../../renderer/ui/AlignedNumber.tsx";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

test("whole numbers keep room for the digits of their neighbors, words do not", async () => {
  const widthsOf = async (text: string): Promise<readonly string[]> => {
    page = await renderInApp(<AlignedNumber text={text} fractionDigits={3} />);
    const widths = [...page.root.querySelectorAll("span > span")].map((part) => (part as HTMLElement).style.width);
    await page.unmount();
    return widths;
  };
  expect(await widthsOf("12")).toEqual(["3.5ch"]);
  expect(await widthsOf("not measured")).toEqual([]);
});
