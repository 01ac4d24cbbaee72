import { closeSync, openSync, readSync } from "node:fs";
import type { Dataset as Hdf5Dataset, File as Hdf5File, Group as Hdf5Group } from "h5wasm/node";
import { TraceFormatError } from "../../../../../traces/model/errors.ts";
import type { ValueSource } from "../ingest.ts";

/** Half matrices of the Advanced Photon Source: one dataset a map, the lower half zero. */
const halfMatrices = "exchange/C2T_all";
const rowsPerRead = 16;
const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Reads maps of an HDF5 file a few rows at a time: half matrices of `exchange/C2T_all`, else the first dataset of square maps, [n, n] or
 * [angle, n, n].
 */
export async function readHdf5Values(path: string): Promise<ValueSource> {
  if (!hasSignature(path))
    throw new TraceFormatError(`expected an HDF5 file (${path})`, { format: "hdf5", byteOffset: 0 });
  const { default: h5wasm } = await import("h5wasm/node");
  await h5wasm.ready;
  const file = new h5wasm.File(path, "r");
  const half = file.get(halfMatrices);
  if (half !== null && isGroup(half)) return readHalves(file, half);
  const maps = findMaps(file);
  if (maps === null) {
    const found = file.keys().join(", ") || "nothing";
    file.close();
    throw new TraceFormatError(`expected ${halfMatrices} or a dataset of square maps, found ${found} (${path})`, {
      format: "hdf5",
    });
  }
  return {
    shape: maps.shape ?? [],
    layout: "full",
    async *parts() {
      const shape = maps.shape ?? [];
      const n = shape.at(-1) ?? 0;
      for (let angle = 0; angle < (shape.length === 3 ? shape[0] : 1); angle++)
        for (let first = 0; first < n; first += rowsPerRead) {
          const rows: [number, number][] = [
            [first, Math.min(n, first + rowsPerRead)],
            [0, n],
          ];
          yield toFloats(maps.slice(shape.length === 3 ? [[angle, angle + 1], ...rows] : rows));
        }
    },
    close: () => void file.close(),
  };
}

/** The library opens anything. The signature may follow a user block of 512, 1024, 2048 … bytes (HDF5 file format, II.A). */
function hasSignature(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const found = new Uint8Array(signature.length);
    return [0, 512, 1024, 2048].some((at) => {
      readSync(file, found, 0, found.length, at);
      return signature.every((byte, index) => found[index] === byte);
    });
  } finally {
    closeSync(file);
  }
}

function readHalves(file: Hdf5File, group: Hdf5Group): ValueSource {
  const maps = group
    .keys()
    .toSorted()
    .flatMap((name) => {
      const map = group.get(name);
      return map !== null && isDataset(map) ? [map] : [];
    });
  const n = maps[0]?.shape?.[0] ?? 0;
  return {
    shape: [maps.length, n, n],
    layout: "upper",
    async *parts() {
      for (const map of maps)
        for (let first = 0; first < n; first += rowsPerRead) {
          const end = Math.min(n, first + rowsPerRead);
          const rows = toFloats(
            map.slice([
              [first, end],
              [0, n],
            ]),
          );
          for (let i = first; i < end; i++) yield rows.subarray((i - first) * n + i, (i - first + 1) * n);
        }
    },
    close: () => void file.close(),
  };
}

/** The first dataset, depth first, whose last two sizes agree. */
function findMaps(group: Hdf5Group): Hdf5Dataset | null {
  for (const name of group.keys()) {
    const entry = group.get(name);
    if (entry !== null && isGroup(entry)) {
      const found = findMaps(entry);
      if (found !== null) return found;
    } else if (entry !== null && isDataset(entry)) {
      const shape = entry.shape ?? [];
      if ((shape.length === 2 || shape.length === 3) && shape.at(-1) === shape.at(-2) && (shape.at(-1) ?? 0) > 1)
        return entry;
    }
  }
  return null;
}

const isGroup = (entry: object): entry is Hdf5Group => "keys" in entry && typeof entry.keys === "function";
const isDataset = (entry: object): entry is Hdf5Dataset => "slice" in entry && typeof entry.slice === "function";

function toFloats(values: ReturnType<Hdf5Dataset["slice"]>): Float64Array {
  if (values instanceof Float64Array) return values;
  if (ArrayBuffer.isView(values) && !(values instanceof DataView))
    return Float64Array.from(values as unknown as ArrayLike<number>, Number);
  throw new TraceFormatError("expected numbers in the maps", { format: "hdf5" });
}
