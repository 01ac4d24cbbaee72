import { readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { openByteSource } from "../node-host.ts";
import type { JobContext } from "../serve-client.ts";
import type { GrantedFile } from "../trace-store.ts";

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
