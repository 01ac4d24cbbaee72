import { expect, it } from "vitest";
import { fromPlainError, toPlainError } from "../../../electron/contract/plain-error.ts";
import {
  CancelledError,
  InflateLimitError,
  NanosecondTimesError,
  TraceFormatError,
  UserFacingError,
} from "../../../traces/model/errors.ts";

it.each([
  new TraceFormatError("expected a, found b", { byteOffset: 7 }),
  new InflateLimitError("too large"),
  new NanosecondTimesError("nanoseconds", { format: "chrome-json" }),
  new CancelledError(),
  new UserFacingError("no track is called /host:CPU"),
])("%s comes back as it was", (error) => {
  expect(fromPlainError(toPlainError(error))).toEqual(error);
  expect(fromPlainError(toPlainError(error))).toBeInstanceOf(error.constructor);
});

it("takes paths out of the messages of systems and runtimes", () => {
  const messageOf = (message: string): string => toPlainError(new Error(message)).message;
  expect(messageOf("ENOENT: no such file or directory, mkdtemp '/home/ada/tmp/deltaflame-XXXXXX'")).toBe(
    "ENOENT: no such file or directory, mkdtemp '…'",
  );
  expect(messageOf("Cannot find module 'C:\\Users\\ada\\worker.cjs'")).toBe("Cannot find module '…'");
  expect(messageOf("at file:///home/ada/x.js failed")).toBe("at … failed");
  expect(messageOf("a/b and 3 / 4 stay")).toBe("a/b and 3 / 4 stay");
});
