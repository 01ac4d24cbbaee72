import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { File as Hdf5File } from "h5wasm/node";
import { describe, expect, test } from "vitest";
import { openDataset, sidecarPath } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { ingestExperiment } from "../../../native-bench/workloads/streaming-optimizer/data/ingest.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { writeTinyParquet } from "../../fixtures/optimizer/tiny-parquet.ts";
import { fitOnce, folder, makeExperiment, modelOf, newPath } from "./experiments.ts";

const n = 40;
const angles = 3;
const values = Float64Array.from({ length: angles * n * n }, (_, index) => 1 + 0.25 * Math.sin(index * 0.37));
const symmetric = values.map((_, index) => {
  const [i, j] = [Math.floor(index / n) % n, index % n];
  return 1 + 0.01 * Math.min(i, j) + 0.0001 * Math.max(i, j);
});
const experiment = createReferenceExperiment(n, angles);

function readBack(path: string): Float64Array {
  const { dataset } = openDataset(path);
  return new Float64Array(Uint8Array.from(readFileSync(path).subarray(dataset.dataOffset)).buffer);
}

async function ingest(
  name: string,
  bytes: Uint8Array | string,
  sidecar: object | null = { experiment },
): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  if (sidecar !== null) writeFileSync(sidecarPath(path), JSON.stringify(sidecar));
  const out = newPath();
  await ingestExperiment({ path, out });
  return out;
}

describe("Parquet", () => {
  test("row groups become the working file", async () => {
    const groups = [values.slice(0, 1000), values.slice(1000, 1001), values.slice(1001)];
    expect(readBack(await ingest("maps.parquet", writeTinyParquet("g2", groups)))).toEqual(values);
  });

  test("another number of values than the description says is refused, and nothing is left behind", async () => {
    const before = readdirSync(folder).length;
    await expect(ingest("short.parquet", writeTinyParquet("g2", [values.slice(5)]))).rejects.toThrow(
      `expected ${values.length} values for 3 maps of 40 times, found ${values.length - 5}`,
    );
    expect(readdirSync(folder).length).toBe(before + 2);
  });

  test("something else is refused", async () => {
    await expect(ingest("no.parquet", "not a parquet file at all")).rejects.toThrow("expected a Parquet file");
  });
});

describe("CSV", () => {
  test("the column named g2 is taken, in order", async () => {
    const lines = Array.from(values, (value, index) => `${index % n},${value},x`);
    expect(readBack(await ingest("maps.csv", `t2,g2,note\n${lines.join("\n")}\n`))).toEqual(values);
  });

  test("without names, the last column; without a description, one square map", async () => {
    const map = values.slice(0, n * n);
    expect(readBack(await ingest("bare.csv", Array.from(map, (value) => `7;,${value}`).join("\r\n"), null))).toEqual(
      map,
    );
  });

  test("a cell that is no number is told with its line", async () => {
    await expect(ingest("bad.csv", "g2\n1\n2\nthree\n4", null)).rejects.toThrow(
      'expected a number in column 1 of line 4, found "three"',
    );
  });
});

describe("HDF5", () => {
  async function writeHdf5(name: string, write: (file: Hdf5File) => void): Promise<Uint8Array> {
    const { default: h5wasm } = await import("h5wasm/node");
    await h5wasm.ready;
    const path = join(folder, `made-${name}`);
    const file = new h5wasm.File(path, "w");
    write(file);
    file.close();
    return readFileSync(path);
  }

  test("a stack of maps is found and read by rows", async () => {
    const bytes = await writeHdf5("stack.h5", (file) => {
      file.create_dataset({ name: "times", data: new Float64Array(5) });
      file.create_group("entry").create_dataset({ name: "c2", data: values, shape: [angles, n, n] });
    });
    expect(readBack(await ingest("stack.h5", bytes))).toEqual(values);
  });

  test("half matrices of exchange/C2T_all become packed halves", async () => {
    const bytes = await writeHdf5("half.h5", (file) => {
      const group = file.create_group("exchange").create_group("C2T_all");
      for (let angle = 0; angle < angles; angle++) {
        const half = symmetric
          .slice(angle * n * n, (angle + 1) * n * n)
          .map((value, index) => (Math.floor(index / n) <= index % n ? value : 0));
        group.create_dataset({ name: `g2_0000${angle}`, data: half, shape: [n, n] });
      }
    });
    const out = await ingest("half.h5", bytes);
    const { dataset } = openDataset(out);
    expect(dataset).toMatchObject({ layout: "upper", mirrored: true });
    const packed = readBack(out);
    expect(packed).toHaveLength((angles * n * (n + 1)) / 2);
    expect(packed.slice(0, 3)).toEqual(symmetric.slice(0, 3));
    expect(packed[n]).toBe(symmetric[n + 1]);
  });

  test("something else is refused", async () => {
    await expect(ingest("no.h5", "no HDF5")).rejects.toThrow("expected an HDF5 file");
    const bytes = await writeHdf5(
      "empty.h5",
      (file) => void file.create_dataset({ name: "times", data: new Float64Array(5) }),
    );
    await expect(ingest("empty.h5", bytes)).rejects.toThrow(
      "expected exchange/C2T_all or a dataset of square maps, found times",
    );
  });
});

test("what was ingested is fitted like the original", async () => {
  const model = modelOf("static");
  const original = await makeExperiment(model, { experiment: createReferenceExperiment(100, 1) });
  const maps = readBack(original.path);
  const path = await ingest("fit.parquet", writeTinyParquet("y", [maps]), { experiment: original.experiment });
  expect((await fitOnce(model, openDataset(path).dataset)).popt).toEqual((await fitOnce(model, original)).popt);
});
