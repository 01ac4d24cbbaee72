import { compareMeasurements } from "../../../traces/compare/measurements/compare-measurements.ts";
import { readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import type { FileToken } from "../../contract/engine-contract.ts";
import type { Grants } from "../grants.ts";
import { openByteSource } from "../node-host.ts";
import type { JobContext } from "../serve-client.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Benchmark results: read whole on this thread, since files of them are small. */
export function createMeasurementHandlers({
  grants,
}: HandlerParts): Pick<Handlers, "measurements.read" | "compare.measurements"> {
  const readAll = async (tokens: readonly FileToken[], context: JobContext): Promise<readonly MeasurementSet[]> => {
    const sets: MeasurementSet[] = [];
    for (const token of tokens) sets.push(await read(token, grants, context));
    return sets;
  };
  return {
    "measurements.read": ({ file }, context) => read(file, grants, context),
    async "compare.measurements"({ before, after, options }, context) {
      return compareMeasurements(await readAll(before, context), await readAll(after, context), options);
    },
  };
}

async function read(token: FileToken, grants: Grants, context: JobContext): Promise<MeasurementSet> {
  const file = await grants.find(token);
  if (file === null)
    throw new UserFacingError("this file was not chosen by the user, or the engine has restarted since");
  const source = await openByteSource(file.path);
  try {
    return await readMeasurements(source, {
      fileName: file.name,
      throwIfCancelled() {
        if (context.signal.aborted) throw new CancelledError();
      },
      reportProgress: (done) => context.reportProgress({ done, total: source.storedSize, unit: "bytes" }),
    });
  } finally {
    source.close();
  }
}
