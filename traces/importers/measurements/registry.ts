import { deltaflameBench } from "./formats/deltaflame-bench.ts";
import { googleBenchmark } from "./formats/google-benchmark.ts";
import { hyperfine } from "./formats/hyperfine.ts";
import { nestedJson } from "./formats/nested-json.ts";
import { pyperf } from "./formats/pyperf.ts";
import { pytestBenchmark } from "./formats/pytest-benchmark.ts";
import type { MeasurementReader } from "./reader.ts";

/** Every form of benchmark results that can be opened; the surest `sniff` wins, ties go to the first. */
export const measurementReaders: readonly MeasurementReader[] = [
  deltaflameBench,
  googleBenchmark,
  pytestBenchmark,
  hyperfine,
  pyperf,
  nestedJson,
];
