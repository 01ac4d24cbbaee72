import type { ThreadHost, ThreadRole, WorkThread } from "../../../threads/thread.ts";
import type { SpanRecorder } from "../../../spans/recorder.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";
import { createSpanNames, type Evaluator } from "./evaluator.ts";
import type { EvaluatorPlan } from "./create-evaluator.ts";

export interface PoolRequest {
  readonly id: number;
  readonly structures: readonly Structure[];
}

export type PoolReply =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly evaluations: readonly Evaluation[] }
  | { readonly kind: "failed"; readonly id: number | null; readonly message: string };

interface Member {
  readonly thread: WorkThread<PoolRequest, PoolReply>;
  readonly waiting: Map<number, (reply: PoolReply | Error) => void>;
}

/**
 * Several threads with a session each, all with the same plan. The structures of a call are dealt out by size, so that
 * the threads end together. `session.run` holds its thread: only threads can overlap two of them.
 */
export async function createPoolEvaluator(
  role: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply>,
  { plan, threads, workerCount, recorder }: PoolParts,
): Promise<Evaluator> {
  const names = createSpanNames(recorder);
  const members = await Promise.all(
    Array.from({ length: workerCount }, (_, i) => startMember(role, threads, plan, `student ${i + 1}`)),
  );
  let nextId = 1;
  return {
    async evaluate(structures) {
      const shares = dealOut(structures, members.length);
      const results: Evaluation[] = Array.from({ length: structures.length });
      recorder.begin(names.run);
      await Promise.all(
        members.map(async (member, i) => {
          const share = shares[i];
          if (share.length === 0) return;
          const evaluations = await ask(member, { id: nextId++, structures: share.map((index) => structures[index]) });
          evaluations.forEach((evaluation, k) => (results[share[k]] = evaluation));
        }),
      );
      recorder.end();
      return results;
    },
    profile: null,
    async dispose() {
      await Promise.all(members.map(({ thread }) => thread.stop()));
    },
  };
}

export interface PoolParts {
  readonly plan: EvaluatorPlan;
  readonly threads: ThreadHost;
  readonly workerCount: number;
  readonly recorder: SpanRecorder;
}

async function startMember(
  role: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply>,
  threads: ThreadHost,
  plan: EvaluatorPlan,
  name: string,
): Promise<Member> {
  const thread = threads.start(role, { name, data: plan });
  const waiting: Member["waiting"] = new Map();
  await new Promise<void>((resolve, reject) => {
    thread.onMessage((reply) => {
      if (reply.kind === "ready") resolve();
      else if (reply.id === null) reject(new Error(reply.kind === "failed" ? reply.message : "no answer"));
      else waiting.get(reply.id)?.(reply);
    });
    void thread.died.then((error) => {
      reject(error);
      for (const tell of waiting.values()) tell(error);
    });
  });
  return { thread, waiting };
}

function ask({ thread, waiting }: Member, request: PoolRequest): Promise<readonly Evaluation[]> {
  return new Promise((resolve, reject) => {
    waiting.set(request.id, (reply) => {
      waiting.delete(request.id);
      if (reply instanceof Error) reject(reply);
      else if (reply.kind === "done") resolve(reply.evaluations);
      else reject(new Error(reply.kind === "failed" ? reply.message : "no answer"));
    });
    thread.post(request);
  });
}

/** Largest first, each to the thread with least to do: Graham's rule. Work grows with atoms × neighbors, here atoms². */
export function dealOut(structures: readonly Structure[], threadCount: number): number[][] {
  const shares = Array.from({ length: threadCount }, (): number[] => []);
  const loads = new Float64Array(threadCount);
  const cost = (index: number): number => {
    const atoms = structures[index].atomicNumbers.length;
    // Beyond some 60 neighbors a liquid has no more.
    return atoms * Math.min(atoms, 60);
  };
  const order = structures.map((_, index) => index).toSorted((a, b) => cost(b) - cost(a) || a - b);
  for (const index of order) {
    const lightest = loads.indexOf(Math.min(...loads));
    shares[lightest].push(index);
    loads[lightest] += cost(index);
  }
  return shares;
}
