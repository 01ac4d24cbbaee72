import { expect, test } from "vitest";
import type { GridColumn } from "../../../../renderer/ui/DataGrid.tsx";
import { fitColumns } from "../../../../renderer/ui/fit-columns.ts";

const column = (id: string, widthPx: number | null, foldOrder: number | null): GridColumn<string> => ({
  id,
  title: id,
  align: "end",
  ...(widthPx === null ? {} : { widthPx }),
  ...(foldOrder === null ? {} : { foldOrder }),
  cell: (text) => text,
});
const columns = [column("name", 100, null), column("late", 80, 2), column("first", 60, 1), column("rest", null, 3)];
const idsOf = (widthPx: number, chosen: readonly string[] | null = null) => {
  const { shown, folded } = fitColumns(columns, widthPx, chosen === null ? null : new Set(chosen));
  return [shown.map(({ id }) => id).join(" "), folded.map(({ id }) => id).join(" ")];
};

test("columns come back in their order as far as there is room, and keep their places", () => {
  expect(idsOf(400)).toEqual(["name late first rest", ""]);
  expect(idsOf(399)).toEqual(["name late rest", "first"]);
  expect(idsOf(339)).toEqual(["name first rest", "late"]);
  expect(idsOf(259)).toEqual(["name late first", "rest"]);
  expect(idsOf(20)).toEqual(["name", "late first rest"]);
});

test("before the width is known nothing folds, and what the reader chose goes before the width", () => {
  expect(idsOf(0)).toEqual(["name late first rest", ""]);
  expect(idsOf(20, ["first"])).toEqual(["name first", "late rest"]);
  expect(idsOf(999, [])).toEqual(["name", "late first rest"]);
});
