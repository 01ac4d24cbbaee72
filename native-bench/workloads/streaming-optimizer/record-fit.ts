import { type SpanKind, spanKindNames } from "../../../traces/model/span-kind.ts";
import type { SpanName, SpanRecorder } from "../../spans/recorder.ts";
import type { RunContext } from "../workload.ts";
import { epochMs, type FitRecorder, type SpanArguments } from "./fit-recorder.ts";

/** Writes what a fit records to the recorders of a run; blocks and checkpoints get tracks of their own. */
export function recordFit({ recorder, trackRecorder }: Pick<RunContext, "recorder" | "trackRecorder">): FitRecorder {
  const main = createTrack(recorder);
  const tracks = new Map<string, Track>();
  const trackOf = (name: string): Track => {
    const track = tracks.get(name) ?? createTrack(trackRecorder(name));
    tracks.set(name, track);
    return track;
  };
  const originNs = recorder.nowNs() - epochMs() * 1e6;
  const counters = new Map<string, ReturnType<SpanRecorder["counter"]>>();
  return {
    begin(name, kind, args) {
      recorder.begin(main.nameOf(name, kind));
      note(recorder, args);
    },
    end(args) {
      note(recorder, args);
      recorder.end();
    },
    complete(track, name, kind, startMs, endMs) {
      const { recorder: other, nameOf } = trackOf(track);
      other.add(
        nameOf(name, kind),
        Math.max(0, Math.round(startMs * 1e6 + originNs)),
        Math.max(0, Math.round(endMs * 1e6 + originNs)),
      );
    },
    instant: (name) => recorder.instant(main.nameOf(name, 0)),
    counter(name, value) {
      const counter = counters.get(name) ?? recorder.counter(name);
      counters.set(name, counter);
      recorder.sample(counter, value);
    },
  };
}

interface Track {
  readonly recorder: SpanRecorder;
  nameOf(text: string, kind: SpanKind): SpanName;
}

function createTrack(recorder: SpanRecorder): Track {
  const names = new Map<string, SpanName>();
  return {
    recorder,
    nameOf(text, kind) {
      const name = names.get(text) ?? recorder.name(text, spanKindNames[kind]);
      names.set(text, name);
      return name;
    },
  };
}

function note(recorder: SpanRecorder, args: SpanArguments | undefined): void {
  if (args === undefined || !recorder.isRecording) return;
  for (const [key, value] of Object.entries(args))
    recorder.note(key, typeof value === "boolean" ? String(value) : value);
}
