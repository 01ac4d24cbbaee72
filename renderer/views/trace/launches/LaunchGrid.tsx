import { useMemo, useState } from "react";
import type { Launch } from "../../../../traces/model/launch-table.ts";
import {
  formatCount,
  formatDuration,
  formatDurationExact,
  formatShare,
} from "../../../../traces/model/format-units.ts";
import { NotCollected } from "../../../dock/FactList.tsx";
import { NamePath } from "../../../dock/NamePath.tsx";
import { type PiecesOf, tellApart } from "../../../names/tell-apart.ts";
import { useApp, useAppStore } from "../../../state/store.ts";
import { DataGrid, type GridColumn } from "../../../ui/DataGrid.tsx";

interface LaunchRow {
  readonly index: number;
  readonly launch: Launch;
}

interface LaunchGridProps {
  readonly launches: readonly Launch[];
  readonly current: number;
  readonly onCurrent: (launch: number) => void;
}

/** A number of a launch, by which the table can be sorted; null: not collected. */
const sortKeys: Readonly<Record<string, (row: LaunchRow) => number | string | null>> = {
  index: ({ index }) => index,
  name: ({ launch }) => launch.name,
  durationNs: ({ launch }) => launch.durationNs,
  grid: ({ launch }) => volume(launch.grid),
  block: ({ launch }) => volume(launch.block),
  computeFraction: ({ launch }) => launch.computeFraction,
  memoryFraction: ({ launch }) => launch.memoryFraction,
  occupancyFraction: ({ launch }) => launch.occupancyFraction,
  registersPerThread: ({ launch }) => launch.registersPerThread,
};

const volume = ([x, y, z]: readonly [number, number, number]): number => x * y * z;

/** Kernels in launch order, or by any column. */
export function LaunchGrid({ launches, current, onCurrent }: LaunchGridProps) {
  const store = useAppStore();
  const widths = useApp((state) => state.columnWidths);
  const [sort, setSort] = useState({ column: "index", descending: false });
  const rows = useMemo(() => sortRows(launches, sort), [launches, sort]);
  const piecesOf = useMemo(() => tellApart(launches.map(({ name }) => name)), [launches]);
  const columns = useMemo(() => launchColumns(widths, piecesOf), [widths, piecesOf]);
  return (
    <DataGrid
      label="Kernels"
      columns={columns}
      rowCount={rows.length}
      rowAt={(index) => rows[index] ?? null}
      sort={sort}
      onSort={(column) =>
        setSort(
          sort.column === column
            ? { column, descending: !sort.descending }
            : { column, descending: column !== "index" && column !== "name" },
        )
      }
      current={rows.findIndex((row) => row.index === current)}
      onCurrent={(index) => onCurrent(rows[index]?.index ?? 0)}
      onColumnWidth={(column, widthPx) => store.getState().setColumnWidth(`launches/${column}`, widthPx)}
    />
  );
}

function sortRows(
  launches: readonly Launch[],
  { column, descending }: { readonly column: string; readonly descending: boolean },
): readonly LaunchRow[] {
  const rows = launches.map((launch, index) => ({ index, launch }));
  const keyOf = sortKeys[column];
  if (keyOf === undefined) return rows;
  return rows.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    // What was not collected comes last either way.
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a.index - b.index;
    const order = left < right ? -1 : left > right ? 1 : 0;
    return (descending ? -order : order) || a.index - b.index;
  });
}

function launchColumns(widths: Readonly<Record<string, number>>, piecesOf: PiecesOf): GridColumn<LaunchRow>[] {
  const width = (column: string, usual: number): number => widths[`launches/${column}`] ?? usual;
  const fraction = (
    id: "computeFraction" | "memoryFraction" | "occupancyFraction",
    title: string,
    hint: string,
  ): GridColumn<LaunchRow> => ({
    id,
    title,
    hint,
    align: "end",
    widthPx: width(id, 92),
    sortable: true,
    cell: ({ launch }) => orNotCollected(launch[id], formatShare),
  });
  return [
    {
      id: "index",
      title: "#",
      hint: "Order of the launches",
      align: "end",
      widthPx: width("index", 48),
      sortable: true,
      cell: ({ index }) => index + 1,
    },
    {
      id: "name",
      title: "Kernel",
      align: "start",
      sortable: true,
      cell: ({ launch }) => (
        <NamePath path={[launch.name]} piecesOf={piecesOf} mark={null} title={launch.signature ?? launch.name} />
      ),
    },
    {
      id: "durationNs",
      title: "Duration",
      align: "end",
      widthPx: width("durationNs", 96),
      sortable: true,
      cell: ({ launch }) => (
        <span title={launch.durationNs === null ? undefined : formatDurationExact(launch.durationNs)}>
          {orNotCollected(launch.durationNs, formatDuration)}
        </span>
      ),
    },
    {
      id: "grid",
      title: "Grid",
      align: "end",
      widthPx: width("grid", 110),
      sortable: true,
      cell: ({ launch }) => dimensions(launch.grid),
    },
    {
      id: "block",
      title: "Block",
      align: "end",
      widthPx: width("block", 96),
      sortable: true,
      cell: ({ launch }) => dimensions(launch.block),
    },
    fraction("computeFraction", "SM", "Throughput of the multiprocessors, of its peak"),
    fraction("memoryFraction", "Memory", "Throughput of compute memory, of its peak"),
    fraction("occupancyFraction", "Occupancy", "Active warps, of all that could be active"),
    {
      id: "registersPerThread",
      title: "Registers",
      hint: "Registers of each thread",
      align: "end",
      widthPx: width("registersPerThread", 82),
      sortable: true,
      cell: ({ launch }) => orNotCollected(launch.registersPerThread, formatCount),
    },
  ];
}

function orNotCollected(value: number | null, format: (value: number) => string) {
  return value === null ? <NotCollected /> : format(value);
}

/** "4 × 2", "256": sides of 1 at the end are left out. */
function dimensions([x, y, z]: readonly [number, number, number]): string {
  const sides = z > 1 ? [x, y, z] : y > 1 ? [x, y] : [x];
  return sides.map(formatCount).join(" × ");
}
