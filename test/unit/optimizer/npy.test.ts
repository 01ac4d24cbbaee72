import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type ArrayWriter,
  createArrayWriter,
} from "../../../native-bench/workloads/streaming-optimizer/data/array-writer.ts";
import { openDataset } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { formatNpyHeader, parseNpyHeader } from "../../../native-bench/workloads/streaming-optimizer/data/npy.ts";
import { evaluateOnce, fitOnce, makeExperiment, modelOf, newPath, startOf } from "./experiments.ts";

const headerOf = (dictionary: string, major = 1): Uint8Array => {
  const length =
    major === 1
      ? [dictionary.length & 0xff, dictionary.length >> 8]
      : [dictionary.length & 0xff, dictionary.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...Buffer.from("NUMPY"), major, 0, ...length, ...Buffer.from(dictionary)]);
};

test("headers read back what was written", () => {
  for (const header of [
    { dtype: "f64", shape: [23, 209, 209] },
    { dtype: "f32", shape: [7] },
    { dtype: "f64", shape: [1, 5050] },
  ] as const) {
    const bytes = formatNpyHeader(header);
    expect(bytes.length % 64).toBe(0);
    expect(parseNpyHeader(bytes)).toEqual({ ...header, dataOffset: bytes.length });
  }
});

test("versions 2 and 3 have longer headers", () => {
  expect(parseNpyHeader(headerOf("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", 2)).dataOffset).toBe(
    12 + 60,
  );
});

test.each([
  ["expected the magic bytes \\x93NUMPY of a .npy file", Uint8Array.from(Buffer.from("PK\u0003\u0004"))],
  ["expected .npy version 1 to 3, found 9", headerOf("{}", 9)],
  [
    "expected values of type <f4 or <f8, found >f8",
    headerOf("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }"),
  ],
  [
    "expected values of type <f4 or <f8, found <i8",
    headerOf("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }"),
  ],
  [
    "expected C order ('fortran_order': False), found True",
    headerOf("{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }"),
  ],
  ["expected a 'shape', found none", headerOf("{'descr': '<f8', 'fortran_order': False}")],
  [
    "expected whole sizes in 'shape', found (1.5,)",
    headerOf("{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,), }"),
  ],
  [
    "expected a header of 60 bytes, found 12",
    headerOf("{'descr': '<f8', 'fortran_order': False, 'shape': ()}").subarray(0, 12),
  ],
])("refuses a header: %s", (message, bytes) => {
  if (message.startsWith("expected a header of"))
    expect(() => parseNpyHeader(bytes)).toThrow(/expected a header of \d+ bytes, found 12/);
  else expect(() => parseNpyHeader(bytes)).toThrow(message);
});

test("a file that ends early is refused at once, with the byte", async () => {
  const { path } = await makeExperiment(modelOf("static"));
  const size = statSync(path).size;
  truncateSync(path, size - 100);
  expect(() => openDataset(path)).toThrow(`expected ${size} bytes, the file ends at byte ${size - 100}`);
});

test("a file that changes under a fit ends it", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model);
  appendFileSync(dataset.path, "x");
  await expect(evaluateOnce(model, dataset, startOf(model, dataset), { kernel: "plain" })).rejects.toThrow(
    "the data changed during the fit",
  );
});

test("a file that changes between two passes of a fit ends the fit", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model);
  let looks = 0;
  const throwIfCancelled = (): void => {
    if (++looks === 3) appendFileSync(dataset.path, "x");
  };
  await expect(fitOnce(model, dataset, { throwIfCancelled })).rejects.toThrow("the data changed during the fit");
});

test.skipIf(process.platform !== "linux")("a full disk is told, and nothing takes the name of the file", async () => {
  const path = newPath();
  symlinkSync("/dev/full", `${path}.part`);
  const writer = await createArrayWriter(path, { dtype: "f64", shape: [4] }, `${path}.part`).catch(
    (error: unknown) => error,
  );
  if (writer instanceof Error) expect(writer.message).toBe(`the disk is full: ${path} was not written`);
  else {
    await (writer as ArrayWriter).write(Float64Array.of(1, 2, 3, 4));
    await expect((writer as ArrayWriter).finish()).rejects.toThrow(`the disk is full: ${path} was not written`);
  }
  expect(existsSync(path)).toBe(false);
});

test("maps that are not square are refused", () => {
  const path = newPath();
  writeFileSync(path, Buffer.concat([formatNpyHeader({ dtype: "f64", shape: [2, 4, 5] }), new Uint8Array(320)]));
  expect(() => openDataset(path)).toThrow(
    "expected square maps of shape (2, 4, 4) for 2 angles and 4 times, found (2, 4, 5)",
  );
});

test("NumPy reads what is written here", async ({ skip }) => {
  const { path, experiment } = await makeExperiment(modelOf("static"));
  const program = "import numpy,sys; a=numpy.load(sys.argv[1]); print(a.shape, a.dtype)";
  let output: string;
  try {
    output = execFileSync("python3", ["-c", program, path], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return skip("no python3 with numpy on this machine");
  }
  expect(output.trim()).toBe(`(1, ${experiment.timeCount}, ${experiment.timeCount}) float64`);
});
