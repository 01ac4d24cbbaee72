import fc from "fast-check";
import { describe, it } from "vitest";
import { importerOf } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { InflateLimitError, TraceFormatError, UserFacingError } from "../../../traces/model/errors.ts";
import { sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { makeGpuStages, makeThreads } from "../../fixtures/protobuf/perfetto-samples.ts";
import { makeGpuSteps, makeTpuOps } from "../../fixtures/protobuf/xspace-samples.ts";
import { importBytes, join } from "./protobuf-verdict.ts";
import { textOf } from "../../../traces/model/text-table.ts";

/** Expected refusals; everything else is a bug. */
function isExpected(error: unknown): boolean {
  return error instanceof TraceFormatError || error instanceof UserFacingError || error instanceof InflateLimitError;
}

const samples: readonly (readonly [importer: string, bytes: Uint8Array])[] = [
  ["xspace", makeGpuSteps()],
  ["xspace", makeTpuOps()],
  ["perfetto", makeThreads()],
  ["perfetto", makeGpuStages()],
];

const anyDamage = fc.record({
  sample: fc.constantFrom(...samples),
  flips: fc.array(fc.record({ at: fc.nat(100_000), value: fc.nat(255) }), { maxLength: 8 }),
  cutFrom: fc.nat(100_000),
  cutBytes: fc.oneof(fc.constant(0), fc.nat(200)),
});

describe("damaged files of any kind", () => {
  it("are refused or read with a closed ledger, their events too", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyDamage, async ({ sample: [importer, whole], flips, cutFrom, cutBytes }) => {
        const bytes = Uint8Array.from(whole);
        for (const { at, value } of flips) bytes[at % bytes.length] = value;
        const from = cutFrom % bytes.length;
        const damaged = join(bytes.subarray(0, from), bytes.subarray(from + cutBytes));
        let trace: Trace;
        try {
          trace = await importBytes(damaged, importer);
        } catch (error) {
          if (isExpected(error)) return;
          throw error;
        }
        const reader = await importerOf(importer).openArguments?.(memorySource(damaged));
        for (let span = 0; span < Math.min(8, trace.spans.length); span++) {
          const name = textOf(trace.strings, trace.spans.name[span]);
          await reader
            ?.read({ offset: sourceOffsetOf(trace.spans, span), name, endOffset: null })
            .catch((error: unknown) => {
              if (!isExpected(error)) throw error;
            });
        }
      }),
      { numRuns: 700, interruptAfterTimeLimit: 40_000 },
    );
  });
});
