import { chromeJson } from "./formats/chrome-json.ts";
import { cpuprofile } from "./formats/cpuprofile.ts";
import { deltaflameJson } from "./formats/deltaflame-json.ts";
import { deltaflame } from "./formats/deltaflame.ts";
import { firefox } from "./formats/firefox.ts";
import { foldedStacks } from "./formats/folded-stacks.ts";
import { nsightCompute } from "./formats/nsight-compute.ts";
import { nsightComputeCsv } from "./formats/nsight-compute-csv.ts";
import { nsightReport } from "./formats/nsight-report.ts";
import { nsightSqlite } from "./formats/nsight-sqlite.ts";
import { onnxruntimeJson } from "./formats/onnxruntime-json.ts";
import { perfetto } from "./formats/perfetto.ts";
import { pprof } from "./formats/pprof.ts";
import { speedscope } from "./formats/speedscope.ts";
import { xspace } from "./formats/xspace.ts";
import type { TraceFormat } from "./importer.ts";

/** Every format that can be opened; the surest `sniff` wins, ties go to the first. */
export const importers: readonly TraceFormat[] = [
  chromeJson,
  onnxruntimeJson,
  xspace,
  perfetto,
  nsightSqlite,
  nsightReport,
  nsightCompute,
  nsightComputeCsv,
  deltaflame,
  deltaflameJson,
  cpuprofile,
  firefox,
  foldedStacks,
  pprof,
  speedscope,
];
