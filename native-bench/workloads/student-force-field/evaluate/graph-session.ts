import type * as OnnxRuntime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { OrtBackend } from "../../../backends/backend.ts";
import { loadOnnxRuntime } from "../../../backends/onnxruntime/load.ts";
import { countPlacement, createProfileFolder, recordNodes } from "../../../backends/onnxruntime/profile.ts";
import type { SpanRecorder } from "../../../spans/recorder.ts";

/** How ONNX Runtime shall run a graph. */
export interface SessionSettings {
  readonly backend: Pick<OrtBackend, "sessionOptions">;
  /** Threads within a node. */
  readonly threadCount: number;
  readonly optimization: OptimizationLevel;
}

export const optimizationLevels = ["disabled", "basic", "extended", "all"] as const;
export type OptimizationLevel = (typeof optimizationLevels)[number];

/** A session and the module its tensors come from. */
export interface GraphSession {
  readonly ort: typeof OnnxRuntime;
  readonly run: (feeds: Feeds) => Promise<Outputs>;
  /**
   * Runs once in a session of its own that keeps a profile, and records its nodes. Creating that session is not timed.
   */
  readonly profile: (feeds: Feeds, recorder: SpanRecorder, begin: () => void) => Promise<ProfiledRun>;
  dispose(): Promise<void>;
}

export type Feeds = Readonly<Record<string, Tensor>>;
export type Outputs = InferenceSession.OnnxValueMapType;

export interface ProfiledRun {
  readonly outputs: Outputs;
  readonly placement: Readonly<Record<string, number>>;
}

const errorsOnly = 3;

export async function createGraphSession(model: Uint8Array, settings: SessionSettings): Promise<GraphSession> {
  const ort = await loadOnnxRuntime();
  const options: InferenceSession.SessionOptions = {
    ...settings.backend.sessionOptions(),
    intraOpNumThreads: settings.threadCount,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: settings.optimization,
    logSeverityLevel: errorsOnly,
  };
  const session = await ort.InferenceSession.create(model, options);
  return {
    ort,
    run: (feeds) => session.run(feeds),
    async profile(feeds, recorder, begin) {
      const folder = createProfileFolder();
      try {
        const profiled = await ort.InferenceSession.create(model, { ...options, ...folder.options });
        await profiled.run(feeds);
        begin();
        const startNs = recorder.nowNs();
        const outputs = await profiled.run(feeds);
        const endNs = recorder.nowNs();
        const events = folder.finish(profiled);
        await profiled.release();
        recordNodes(recorder, events, startNs, endNs);
        return { outputs, placement: countPlacement(events) };
      } finally {
        folder.discard();
      }
    },
    dispose: () => session.release(),
  };
}
