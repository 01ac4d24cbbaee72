import type { Launch, LaunchTable } from "../../model/launch-table.ts";
import { toCell } from "../csv-cell.ts";
import type { Exporter } from "../exporter.ts";
import { createHomeFolderFilter } from "../home-folders.ts";
import { PieceBuffer } from "../piece-buffer.ts";

/*
 * One kernel a row, in the order of launches: what every kernel has, then a column a metric with its unit in brackets.
 * An empty cell was not collected, which is not 0.
 */

const columns: readonly (readonly [title: string, cellOf: (launch: Launch) => string | number | null])[] = [
  ["kernel", ({ name }) => name],
  ["signature", ({ signature }) => signature],
  ["device", ({ device }) => device],
  ["grid", ({ grid }) => grid.join("x")],
  ["block", ({ block }) => block.join("x")],
  ["duration_ns", ({ durationNs }) => durationNs],
  ["registers_per_thread", ({ registersPerThread }) => registersPerThread],
  ["compute_fraction", ({ computeFraction }) => computeFraction],
  ["memory_fraction", ({ memoryFraction }) => memoryFraction],
  ["occupancy_fraction", ({ occupancyFraction }) => occupancyFraction],
];

export const csvLaunches: Exporter = {
  id: "csv-launches",
  label: "Table of kernels (CSV)",
  extension: "csv",
  description: "One kernel of Nsight Compute a row with all its metrics",
  takes: "launches",
  writesArguments: false,
  async *write({ launches: table }, context) {
    if (table === undefined) return;
    const hideHome = createHomeFolderFilter(context.keepHomeFolders);
    const cellOf = (value: string | number | null): string =>
      typeof value === "string" ? toCell(hideHome(value)) : String(value ?? "");
    const textAt = new Map(table.texts);
    const pieces = new PieceBuffer();
    const head = [...columns.map(([title]) => title), ...table.metrics.map(({ id, unit }) => titleOf(id, unit))];
    pieces.add(`launch,${head.map(cellOf).join(",")}\r\n`);
    for (const [index, launch] of table.launches.entries()) {
      context.throwIfCancelled();
      context.reportProgress(index, table.launches.length);
      const own = columns.map(([, read]) => cellOf(read(launch)));
      const metrics = metricsOf(table, index, textAt).map(cellOf);
      pieces.add(`${[index, ...own, ...metrics].join(",")}\r\n`);
      if (pieces.isFull) yield pieces.take();
    }
    yield pieces.take();
  },
};

const titleOf = (id: string, unit: string): string => (unit === "" ? id : `${id} [${unit}]`);

function metricsOf(
  { metrics, values }: LaunchTable,
  launch: number,
  textAt: ReadonlyMap<number, string>,
): (string | number | null)[] {
  return metrics.map((_metric, column) => {
    const place = launch * metrics.length + column;
    const value = values[place];
    return textAt.get(place) ?? (Number.isNaN(value) ? null : value);
  });
}
