import { readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import { openByteSource } from "../node-host.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Benchmark results: read whole on this thread, since files of them are small. */
export function createMeasurementHandlers({ grants }: HandlerParts): Pick<Handlers, "measurements.read"> {
  return {
    async "measurements.read"({ file: token }, context) {
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
    },
  };
}
