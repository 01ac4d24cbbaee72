import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { Dialect } from "../chrome/dialect.ts";
import { CategorySide } from "../chrome/kinds.ts";
import { readTraceEvents } from "../chrome/read-trace-events.ts";
import type { Tracks } from "../chrome/tracks.ts";
import type { Importer } from "../importer.ts";
import { peekJson } from "../json-scan/peek.ts";
import { openEventArguments } from "../read-event-arguments.ts";

const categories: ReadonlySet<string> = new Set(["Session", "Node", "Kernel", "Api"]);

/** Device calls carry this pid and tid. */
const devicePid = -1;
const deviceSortIndex = 2 ** 24;

const dialect: Dialect = {
  format: "onnxruntime-json",
  linksLaunches: false,
  // The first WebGPU call contains the compilation of shaders.
  warmUpCategory: "Api",
  kindOf(category, name) {
    switch (category) {
      case "Session":
        return sessionKind(name);
      case "Node":
        return SpanKind.op;
      case "Kernel":
      case "Api":
        return SpanKind.kernel;
      default:
        return SpanKind.other;
    }
  },
  sideOf: (category) => (category === "Kernel" || category === "Api" ? CategorySide.device : CategorySide.host),
  describeTracks,
  describeFile: () => ({ formatLabel: "ONNX Runtime profile", producer: "ONNX Runtime" }),
};

function sessionKind(name: string): SpanKind {
  if (name === "model_run") return SpanKind.step;
  if (name.startsWith("model_loading")) return SpanKind.io;
  return name === "session_initialization" ? SpanKind.compile : SpanKind.phase;
}

function describeTracks(tracks: Tracks, builder: TraceBuilder): void {
  for (const process of tracks.processes.values()) {
    if (process.track === null) continue;
    const isDevice = process.pid === devicePid;
    const pid = tracks.textOf(process.pid);
    builder.describeTrack(
      process.track,
      isDevice ? { kind: "device", name: "GPU", sortIndex: deviceSortIndex } : { name: `ONNX Runtime ${pid}` },
    );
    for (const thread of process.threads) {
      if (thread.track === null) continue;
      const isStream = isDevice || (thread.deviceSpans > 0 && thread.hostSpans === 0);
      if (isStream) builder.describeTrack(thread.track, { kind: "stream", name: "device calls" });
      else
        builder.describeTrack(thread.track, {
          kind: "thread",
          name: thread.tid === process.pid ? "session" : `session thread ${tracks.textOf(thread.tid)}`,
        });
    }
  }
}

/*
 * | ONNX Runtime                                     | trace                                                          |
 * | ------------------------------------------------ | -------------------------------------------------------------- |
 * | ts, dur in µs since the session began            | start and end, ns                                              |
 * | pid = tid of the process                         | thread track "session"                                         |
 * | pid −1                                           | device track "GPU" with a stream                               |
 * | Session model_run                                | span of kind step                                              |
 * | Session model_loading_…, session_initialization  | span of kind io, compile                                       |
 * | Session, any other                               | span of kind phase                                             |
 * | Node                                             | span of kind op                                                |
 * | Kernel, Api                                      | span of kind kernel; the first Api call is a warm-up           |
 * | args                                             | read again on demand                                           |
 */

/** Session profile that ONNX Runtime writes: an array of complete events of four categories. */
export const onnxruntimeJson: Importer = {
  id: "onnxruntime-json",
  label: "ONNX Runtime profile (JSON)",
  shortNames: ["ONNX Runtime"],
  extensions: ["json", "gz", "zip"],
  sniff(head) {
    const peeked = peekJson(head);
    // What an object holds is read for nobody.
    if (peeked.root !== "array") return 0;
    const { events } = peeked;
    if (events.length === 0) return 0;
    return events.every((event) => isCategory(event.get("cat")) && event.get("ph") === "X") ? 0.98 : 0;
  },
  read: (source, builder, context) => readTraceEvents(source, builder, context, dialect),
  openArguments: openEventArguments,
};

function isCategory(value: unknown): boolean {
  return typeof value === "string" && categories.has(value);
}
