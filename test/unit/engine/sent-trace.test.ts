import * as fc from "fast-check";
import { expect, test } from "vitest";
import { receiveTrace, sendTrace } from "../../../electron/engine/imports/sent-trace.ts";
import { withOutline } from "../../../electron/engine/imports/perform-import.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";

test("a trace that was sent has the texts that it had", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 5 }), fc.constantFrom("", "\ud800", "\udc00", "\0"));
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 50 }), fc.constantFrom(0, 5000), (texts, more) => {
      const builder = createTraceBuilder();
      for (const each of texts) builder.intern(each);
      for (let i = 0; i < more; i++) builder.intern(`name ${i} of all`);
      const imported = withOutline(builder.seal({ name: "sent", format: "test", formatLabel: "Test", facts: [] }));
      expect(receiveTrace(structuredClone(sendTrace(imported)))).toEqual(imported);
    }),
    { numRuns: 40 },
  );
});
