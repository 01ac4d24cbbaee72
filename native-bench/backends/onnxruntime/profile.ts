import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { UserFacingError } from "../../../traces/model/errors.ts";
import type { SpanRecorder } from "../../spans/recorder.ts";

/** One event of ONNX Runtime's own profile; times in µs since the session began to load. */
export interface ProfileEvent {
  readonly category: string;
  readonly name: string;
  readonly startUs: number;
  readonly durationUs: number;
  /** "CPUExecutionProvider"; null for events that are no node. */
  readonly provider: string | null;
  readonly opName: string | null;
}

/** Where a profiled session writes to; `finish` reads it and removes the folder. */
export interface ProfileFolder {
  readonly options: Pick<InferenceSession.SessionOptions, "enableProfiling" | "profileFilePrefix">;
  /** Ends the profile of `session` and returns its events in file order. */
  finish(session: InferenceSession): readonly ProfileEvent[];
  discard(): void;
}

export function createProfileFolder(): ProfileFolder {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-profile-"));
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  return {
    options: { enableProfiling: true, profileFilePrefix: join(folder, "run") },
    finish(session) {
      try {
        session.endProfiling();
        const [file] = readdirSync(folder);
        if (file === undefined) throw new UserFacingError("ONNX Runtime wrote no profile");
        return parseProfile(readFileSync(join(folder, file), "utf8"));
      } finally {
        discard();
      }
    },
    discard,
  };
}

interface RawEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: { readonly provider?: string; readonly op_name?: string };
}

export function parseProfile(text: string): ProfileEvent[] {
  const events = JSON.parse(text) as readonly RawEvent[];
  return events.map(({ cat, name, ts, dur, args }) => ({
    category: cat,
    name,
    startUs: ts,
    durationUs: dur,
    provider: cat === "Node" ? (args.provider ?? null) : null,
    opName: args.op_name ?? null,
  }));
}

/** How many nodes ran on which provider, in the last run of the profile: "CPUExecutionProvider" → 4. */
export function countPlacement(events: readonly ProfileEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { provider } of lastRun(events).nodes) {
    const name = provider ?? "unknown";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/**
 * Records the nodes of the last run as spans. The profile has a clock of its own; its `model_run` is laid into
 * `[runStartNs, runEndNs]`, the span around `session.run` as the caller timed it, so that both ends have half the gap.
 */
export function recordNodes(
  recorder: SpanRecorder,
  events: readonly ProfileEvent[],
  runStartNs: number,
  runEndNs: number,
): void {
  const { run, nodes } = lastRun(events);
  const gapNs = runEndNs - runStartNs - run.durationUs * 1000;
  const shiftNs = runStartNs + Math.max(0, gapNs) / 2 - run.startUs * 1000;
  for (const node of nodes) {
    const startNs = node.startUs * 1000 + shiftNs;
    const provider = (node.provider ?? "").replace("ExecutionProvider", "");
    const name = recorder.name(`${node.opName ?? node.name} [${provider}]`, "op");
    recorder.add(name, startNs, Math.min(runEndNs, startNs + node.durationUs * 1000));
  }
}

function lastRun(events: readonly ProfileEvent[]): {
  readonly run: ProfileEvent;
  readonly nodes: readonly ProfileEvent[];
} {
  const run = events.findLast(({ name }) => name === "model_run");
  if (run === undefined) throw new UserFacingError("the profile of ONNX Runtime holds no run");
  const endUs = run.startUs + run.durationUs;
  const nodes = events.filter(
    (event) =>
      event.category === "Node" &&
      event.name.endsWith("_kernel_time") &&
      event.startUs >= run.startUs &&
      event.startUs <= endUs,
  );
  return { run, nodes };
}
