import { describe, expect, it } from "vitest";
import { importFile } from "../../../traces/importers/import-file.ts";
import { databaseName, exportCommand, producerOf } from "../../../traces/importers/formats/nsight-report.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { ReportNeedsExportError } from "../../../traces/model/errors.ts";
import { contextFor, toBytes } from "./import-text.ts";

const head = "NVIDIA Tegra Profiler Report ";

describe("Nsight Systems report", () => {
  it("is recognized with the version of its producer, and never parsed", async () => {
    const report = toBytes(`${head}2025@5@1@121-255136380782v0.\nHOME=/home/someone\0TOKEN=secret`);
    const failure = await importFile(memorySource(report), {
      builder: createTraceBuilder(),
      context: contextFor("run.nsys-rep"),
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ReportNeedsExportError);
    expect(String(failure)).toBe(
      "ReportNeedsExportError: expected a trace, found a report of Nsight Systems 2025.5.1.121-255136380782, which nsys alone can read; it makes a database of it: nsys export --type sqlite --output run.sqlite run.nsys-rep",
    );
  });

  it.each([
    ["2025@3@2@474-253236389321v0.\n", "Nsight Systems 2025.3.2.474-253236389321"],
    ["1.\n", "an early Nsight Systems (container 1)"],
    ["\u00ff\u00fe", "Nsight Systems"],
    ["", "Nsight Systems"],
  ])("tells the producer of %j", (line, producer) => {
    expect(producerOf(toBytes(head + line))).toBe(producer);
  });

  it("gives a command that a shell takes as it is meant", () => {
    expect(databaseName("a.b.QDREP")).toBe("a.b.sqlite");
    expect(exportCommand("my run.nsys-rep")).toBe(
      "nsys export --type sqlite --output 'my run.sqlite' 'my run.nsys-rep'",
    );
    expect(exportCommand("it's;rm.qdrep")).toContain(`'it'\\''s;rm.qdrep'`);
    expect(exportCommand("-x.qdrep")).toContain("'-x.qdrep'");
  });
});
