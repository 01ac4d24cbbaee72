import { compareAcrossOptions } from "../../../traces/compare/measurements/compare-measurements.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { listSections } from "../../../traces/report/collect-sections.ts";
import { renderPage } from "../../../traces/report/render-report.ts";
import { resultsSections } from "../../../traces/report/results/registry.ts";
import { pageOfResults } from "../../../traces/report/results/results-report.ts";
import type { Correction, MeasurementsRequest } from "../../contract/compare-contract.ts";
import type { FileToken } from "../../contract/engine-contract.ts";
import type { JobContext } from "../serve-client.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { readGranted } from "./read-results.ts";

/** Benchmark results: read whole on this thread, since files of them are small. */
export function createMeasurementHandlers({
  grants,
}: HandlerParts): Pick<Handlers, "measurements.read" | "compare.measurements" | "report.results"> {
  const readAll = async (tokens: readonly FileToken[], context: JobContext): Promise<readonly MeasurementSet[]> => {
    const sets: MeasurementSet[] = [];
    for (const token of tokens) sets.push(await readGranted(token, grants, context));
    return sets;
  };
  const compare = async (
    { before, after, options, corrections }: MeasurementsRequest,
    context: JobContext,
  ): Promise<MeasurementComparison> => {
    const corrected = async (tokens: readonly FileToken[]): Promise<readonly MeasurementSet[]> =>
      (await readAll(tokens, context)).map((set) => correct(set, corrections));
    return compareAcrossOptions(await corrected(before), await corrected(after), options);
  };
  return {
    "measurements.read": ({ file }, context) => readGranted(file, grants, context),
    "compare.measurements": compare,
    async "report.results"({ format, title, commandLine, version, hiddenSections, ...sides }, context) {
      const report = { title, version, commandLine, hiddenSections, comparison: await compare(sides, context) };
      const { extension, mediaType, text } = renderPage(pageOfResults(report), format);
      return { fileName: `${title}.${extension}`, mediaType, text, sections: listSections(resultsSections, report) };
    },
  };
}

/** Units and directions as the user set them. */
function correct(set: MeasurementSet, corrections: readonly Correction[]): MeasurementSet {
  if (corrections.length === 0) return set;
  const byPath = new Map(corrections.map((each) => [JSON.stringify(each.path), each]));
  return {
    ...set,
    measurements: set.measurements.map((measurement) => {
      const found = byPath.get(JSON.stringify(measurement.path));
      if (found === undefined) return measurement;
      const unit = found.unit === null ? measurement.unit : ({ symbol: found.unit, source: "user" } as const);
      return { ...measurement, unit, better: found.better };
    }),
  };
}
