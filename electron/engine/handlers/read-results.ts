import { readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { FileToken } from "../../contract/engine-contract.ts";
import type { Grants } from "../grants.ts";
import { openByteSource } from "../node-host.ts";
import type { JobContext } from "../serve-client.ts";
import type { GrantedFile } from "../trace-store.ts";

/** Benchmark results of a file that the user chose. */
export async function readGranted(token: FileToken, grants: Grants, context: JobContext): Promise<MeasurementSet> {
  const file = await grants.find(token);
  if (file === null)
    throw new UserFacingError("this file was not chosen by the user, or the engine has restarted since");
  return await readResults(file, context);
}

/** A file of benchmark results; can be cancelled, tells how far it is. */
export async function readResults({ path, name }: GrantedFile, context: JobContext): Promise<MeasurementSet> {
  const source = await openByteSource(path);
  try {
    return await readMeasurements(source, {
      fileName: name,
      throwIfCancelled() {
        if (context.signal.aborted) throw new CancelledError();
      },
      reportProgress: (done) => context.reportProgress({ done, total: source.storedSize, unit: "bytes" }),
    });
  } finally {
    source.close();
  }
}
