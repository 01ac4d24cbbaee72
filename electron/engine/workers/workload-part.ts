import { describeBackends } from "../../../native-bench/backends/describe-backends.ts";
import type { Backend } from "../../../native-bench/backends/backend.ts";
import type { Workload } from "../../../native-bench/workloads/workload.ts";
import { toPlainError } from "../../contract/plain-error.ts";
import { toFileError } from "../files.ts";
import { performRun } from "../runs/perform-run.ts";
import { createProbes } from "../runs/probes.ts";
import { createQuestionLine } from "../runs/relay-gpu.ts";
import type { FromWorkload, ToWorkload } from "../runs/run-messages.ts";
import { openParentLine } from "./parent-line.ts";
import { createThreadHost } from "./thread-host.ts";

/** Probes backends and runs one plan. Native libraries block this thread and no other. */
export function runWorkload({
  workloads,
  backends,
}: {
  readonly workloads: readonly Workload[];
  readonly backends: readonly Backend[];
}): void {
  const line = openParentLine<ToWorkload, FromWorkload>();
  const questions = createQuestionLine((question, asked) =>
    // The points of an upload are not needed here any more.
    line.post({ kind: "gpu", question, asked }, asked.kind === "upload" ? [asked.values.buffer] : []),
  );
  const answer = async (message: ToWorkload & { kind: "probe" | "run" }): Promise<FromWorkload> => {
    const gpu = message.hasGpuLine ? questions : null;
    const probe = createProbes(gpu);
    if (message.kind === "probe") return { kind: "backends", backends: await describeBackends(backends, probe) };
    const { job, origin, cancelFlag } = message;
    let track = 0;
    const nextTrack = (): number => track++;
    const threads = createThreadHost({ line, origin, cancelFlag, nextTrack, isRecording: job.plan.protocol.record });
    try {
      const report = await performRun(job, {
        workloads,
        backends,
        probe,
        gpu,
        origin,
        threads,
        nextTrack,
        cancelFlag,
        record: (record) => line.post({ kind: "record", message: record }),
        tell: (updates) => line.post({ kind: "updates", updates }),
      });
      return { kind: "done", report };
    } finally {
      await threads.stopAll();
    }
  };
  line.onMessage((message) => {
    if (message.kind === "gpu") return questions.take(message.reply);
    void answer(message)
      .catch((error: unknown): FromWorkload => ({ kind: "failed", error: toPlainError(toFileError(error)) }))
      .then((reply) => line.post(reply));
  });
}
