import type { TraceBuilder, TrackSpec } from "../../model/trace-builder.ts";
import { textIdentityBase } from "../json-scan/event-fields.ts";
import type { TrackFacts } from "./dialect.ts";
import type { ProcessState, ThreadState, Tracks } from "./tracks.ts";

/** Device planes stand below host processes; frames around the recording, and processes with nothing but marks, below all. */
const deviceSortIndex = 2 ** 24;
const frameSortIndex = 2 ** 29;

/** Kineto: what the profiler itself took, with no process around it. */
const overheadPid = -1;

/**
 * Names, kinds and order of all tracks from the metadata and the spans met so far; may be called again and again, with
 * nothing left of what earlier calls took them for.
 */
export function describeTracks(tracks: Tracks, builder: TraceBuilder, { isKineto, deviceNames }: TrackFacts): void {
  let device = 0;
  for (const process of tracks.processes.values()) {
    if (process.track === null) continue;
    const isDevice = isDeviceProcess(process);
    builder.describeTrack(
      process.track,
      isDevice ? describeDevice(process, tracks, device++, deviceNames) : describeProcess(process, tracks, isKineto),
    );
    for (const thread of process.threads) {
      if (thread.track === null) continue;
      const isStream = isDevice || (thread.deviceSpans > 0 && thread.hostSpans === 0);
      builder.describeTrack(thread.track, isStream ? describeStream(thread, tracks) : describeThread(thread, tracks));
    }
  }
}

function isDeviceProcess(process: ProcessState): boolean {
  if (process.isXlaDevice) return true;
  let hostSpans = 0;
  let deviceSpans = 0;
  for (const thread of process.threads) {
    hostSpans += thread.hostSpans;
    deviceSpans += thread.deviceSpans;
  }
  return hostSpans === 0 && (deviceSpans > 0 || /^GPU \d+$/.test(process.labels ?? ""));
}

function describeDevice(
  process: ProcessState,
  tracks: Tracks,
  position: number,
  deviceNames: ReadonlyMap<string, string>,
): Partial<TrackSpec> {
  const pid = tracks.textOf(process.pid);
  const model = deviceNames.get(pid);
  // XLA: "/device:TPU:0"; the PyTorch profiler gives the label "GPU 0" beside the name of the host process.
  const name =
    process.isXlaDevice && process.name !== null
      ? process.name.replace(/^\/device:/, "")
      : (process.labels ?? `GPU ${pid}`);
  const detail = [`pid ${pid}`, process.isXlaDevice ? process.name : null, process.isXlaDevice ? null : model]
    .filter((part) => part != null)
    .join(" · ");
  return { kind: "device", name, detail, sortIndex: process.sortIndex ?? deviceSortIndex + position };
}

function describeProcess(process: ProcessState, tracks: Tracks, isKineto: boolean): Partial<TrackSpec> {
  const pid = tracks.textOf(process.pid);
  if (isKineto && process.pid === overheadPid && process.name === null)
    return { kind: "process", name: "profiler overhead", detail: `pid ${pid}`, sortIndex: frameSortIndex };
  const isFrame = process.threads.every((thread) => thread.frameSpans === thread.spans);
  const frameOnly =
    isFrame && (process.pid <= textIdentityBase || process.threads.some((thread) => thread.frameSpans > 0));
  const title =
    process.name === null || process.name === "" ? bareName("process", process.pid, pid) : withId(process.name, pid);
  const name = process.labels === null || process.labels === "" ? title : `${title} · ${process.labels}`;
  return {
    kind: "process",
    name,
    detail: `pid ${pid}`,
    sortIndex: process.sortIndex ?? (frameOnly ? frameSortIndex : 0),
  };
}

function describeThread(thread: ThreadState, tracks: Tracks): Partial<TrackSpec> {
  const tid = tracks.textOf(thread.tid);
  const name =
    thread.name === null || thread.name === "" ? bareName("thread", thread.tid, tid) : withId(thread.name, tid);
  const isFrame = thread.spans > 0 && thread.frameSpans === thread.spans;
  return { kind: isFrame ? "frame" : "thread", name, detail: `tid ${tid}`, sortIndex: thread.sortIndex ?? 0 };
}

function describeStream(thread: ThreadState, tracks: Tracks): Partial<TrackSpec> {
  const tid = tracks.textOf(thread.tid);
  const bare = /^stream /i.test(tid) ? tid : `stream ${tid}`;
  return {
    kind: "stream",
    name: thread.name === null || thread.name === "" ? bare : thread.name,
    detail: bare,
    sortIndex: thread.sortIndex ?? 0,
  };
}

/** Texts that stand for ids name themselves. */
function bareName(what: string, id: number, text: string): string {
  if (id > textIdentityBase) return `${what} ${text}`;
  return text === "" ? `${what} without id` : text;
}

/** The id behind the name, unless the name says it already ("thread 7 (python)"). */
function withId(name: string, id: string): string {
  return name.split(/[^\w-]+/).includes(id) || name.endsWith(`/${id}`) ? name : `${name} ${id}`;
}
