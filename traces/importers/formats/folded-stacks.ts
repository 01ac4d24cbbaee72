import { TraceFormatError } from "../../model/errors.ts";
import { noCategory } from "../../model/trace.ts";
import { readLines } from "../../io/line-reader.ts";
import { SampledStacks } from "../chrome/sampled-stacks.ts";
import type { Importer } from "../importer.ts";
import { axisFact, axisUnitOf, labelWithUnit, withUnit } from "../stacks/axis-unit.ts";
import { CallPaths, type Frame } from "../stacks/call-paths.ts";
import { addStackSpans, WeightedStacks } from "../stacks/stack-track.ts";

/*
 * | folded stacks                    | trace                                                                        |
 * | -------------------------------- | ---------------------------------------------------------------------------- |
 * | "a;b;c 12"                       | c in b in a, 12 long; lines one behind the other in the order of the file    |
 * | "# …", "// …", empty lines       | metadata                                                                     |
 * | lines without a count at the end | dropped, counted                                                             |
 *
 * The count is what stands behind the last space. There is no time axis: one is drawn as 1 ns.
 */

const format = "folded-stacks";
const unit = axisUnitOf("samples");
/** A line longer than this is no stack. */
const largestLine = 64 * 2 ** 20;

const stackLine = /^(.*\S)\s+(\d+(?:\.\d+)?)\s*$/s;
const comment = /^\s*(?:#|\/\/|$)/;

/** Collapsed stacks of Brendan Gregg's scripts, perf, py-spy, async-profiler and others. */
export const foldedStacks: Importer = {
  id: format,
  label: "folded stacks (one stack and a count a line)",
  shortNames: ["folded stacks"],
  extensions: ["txt", "folded", "collapsed"],
  sniff(head) {
    // oxlint-disable-next-line no-control-regex -- bytes that no text has
    if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(new TextDecoder("latin1").decode(head.subarray(0, 4096)))) return 0;
    const text = new TextDecoder().decode(head).replace(/^\uFEFF/, "");
    // Told at once of most files: looking at every line takes longer than reading megabytes.
    if (!text.includes(";")) return 0;
    const lines = text.split("\n").filter((line) => !comment.test(line));
    // The head may end inside a line.
    if (lines.length > 1 && !text.endsWith("\n")) lines.pop();
    const stacks = lines.filter((line) => stackLine.test(line) && !/^[[{"]/.test(line));
    const withDepth = stacks.filter((line) => line.includes(";"));
    if (withDepth.length === 0 || stacks.length * 2 < lines.length) return 0;
    return stacks.length === lines.length ? 0.6 : 0.4;
  },
  async read(source, builder, context) {
    const { ledger } = builder;
    const frames: Frame[] = [];
    const frameIds = new Map<string, number>();
    const paths = new CallPaths(frames);
    const stacks = new SampledStacks();
    const weighted = new WeightedStacks(stacks, unit.nsPerUnit);
    const frameOf = (name: string): number => {
      const known = frameIds.get(name);
      if (known !== undefined) return known;
      frameIds.set(name, frames.length);
      return frames.push({ name: builder.intern(name === "" ? "(anonymous)" : name), category: noCategory }) - 1;
    };
    const describe = (): ReturnType<typeof describeFile> => describeFile(context.fileName);
    const chunks = readLines(source, {
      largestLine,
      onChunk() {
        context.throwIfCancelled();
        context.reportProgress(source.storedRead, describe);
      },
      onLongLine(byteOffset) {
        ledger.read();
        ledger.dropped("oversizedLine", "lines of more than 64 MiB", byteOffset);
      },
    });
    let size = 0;
    for await (const lines of chunks) {
      for (const { text, byteOffset } of lines) {
        size = byteOffset + text.length;
        ledger.read();
        const line = byteOffset === 0 ? text.replace(/^\uFEFF/, "") : text;
        const match = stackLine.exec(line);
        if (comment.test(line)) ledger.metadata();
        else if (match === null) ledger.dropped("lineWithoutCount", "lines without a count at their end", byteOffset);
        else {
          ledger.foldedIn();
          weighted.add(paths.nodeOf(match[1].split(";").map(frameOf)), Number(match[2]));
        }
      }
    }
    if (stacks.length === 0)
      throw new TraceFormatError("expected lines of a stack and a count, as a;b;c 12, found none", {
        format,
        byteOffset: size,
      });
    for (const warning of source.warnings) ledger.note(warning.code, warning.message, warning.byteOffset);
    if (source.warnings.some(({ code }) => code === "gzipTruncated")) ledger.truncatedAt(size);
    ledger.note("rounded", "counts that are no whole numbers were rounded", -1, weighted.roundedCount, "info");
    const process = builder.addTrack({ kind: "process", name: "profile" });
    const track = builder.addTrack({ kind: "thread", name: withUnit("stacks", unit), parent: process });
    addStackSpans(builder, track, stacks);
    return describe();
  },
};

function describeFile(fileName: string): {
  readonly name: string;
  readonly format: string;
  readonly formatLabel: string;
  readonly facts: readonly (readonly [string, string])[];
} {
  const fact = axisFact(unit);
  return {
    name: fileName,
    format,
    formatLabel: labelWithUnit("folded stacks", unit),
    facts: fact === null ? [] : [fact],
  };
}
