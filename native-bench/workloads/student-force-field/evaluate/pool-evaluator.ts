import type { ThreadHost, ThreadRole, WorkThread } from "../../../threads/thread.ts";
import type { SpanRecorder } from "../../../spans/recorder.ts";
import { measureBatch } from "../inputs/padded-inputs.ts";
import { findPairs } from "../neighbors/find-pairs.ts";
import { checkStructure } from "../structures/check-structure.ts";
import type { Structure } from "../structures/structure.ts";
import type { EvaluatorPlan } from "./create-evaluator.ts";
import type { Evaluator } from "./evaluator.ts";
import { createLineup, isSameLineup, JobBoard, type Lineup } from "./job-board.ts";
import { planShares } from "./planner.ts";

export type PoolRequest =
  | { readonly kind: "line-up"; readonly lineup: Lineup }
  /** Take chunks of the lineup until none is left. */
  | { readonly kind: "go" };

export type PoolReply =
  | { readonly kind: "ready" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };

export interface PoolParts {
  readonly plan: EvaluatorPlan;
  readonly threads: ThreadHost;
  /** All that evaluate, this thread among them. */
  readonly workerCount: number;
  /** Whose pool it is; in the names of its tracks: "fast-pool". */
  readonly name: string;
  readonly recorder: SpanRecorder;
  /** Makes the evaluator of this thread. */
  createOwn(plan: EvaluatorPlan): Promise<Evaluator>;
}

type Member = WorkThread<PoolRequest, PoolReply> & {
  /** The answer to what is asked next; the reason when the thread has died. */
  answer(): Promise<PoolReply | Error>;
};

/**
 * This thread and further ones with a session each, all with the same plan. They take chunks, the largest first, from a
 * board in shared memory. `session.run` holds its thread: only threads can overlap two of them.
 */
export async function createPoolEvaluator(
  role: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply>,
  { plan, threads, workerCount, name, recorder, createOwn }: PoolParts,
): Promise<Evaluator> {
  const memberPlan = planOfMember(plan);
  // This thread is worker 1.
  const members = await Promise.all(
    Array.from({ length: workerCount - 1 }, (_, i) =>
      startMember(role, threads, memberPlan, `worker ${i + 2} of ${workerCount}, ${name}`),
    ),
  );
  const own = await createOwn(memberPlan);
  const waiting = recorder.name("wait for workers", "sync");
  let lineup: Lineup | null = null;
  let board: JobBoard | null = null;

  const lineUp = (structures: readonly Structure[]): JobBoard => {
    if (lineup !== null && board !== null && isSameLineup(lineup, structures)) return board;
    lineup = createLineup(structures, planLineup(structures, plan, workerCount));
    board = new JobBoard(lineup);
    for (const member of members) member.post({ kind: "line-up", lineup });
    return board;
  };

  return {
    async evaluate(structures) {
      const round = lineUp(structures);
      round.open(structures);
      const answers = members.map((member) => {
        const answer = member.answer();
        member.post({ kind: "go" });
        return answer;
      });
      const ownError = await takeChunks(own, round).catch((error: unknown) => error);
      recorder.begin(waiting);
      const replies = await Promise.all(answers);
      recorder.end();
      if (ownError !== undefined) throw ownError;
      for (const reply of replies) throwIfFailed(reply);
      return round.collect();
    },
    profile: own.profile,
    async dispose() {
      await Promise.all([own.dispose(), ...members.map((member) => member.stop())]);
    },
  };
}

/** Evaluates chunks until none is left. When one fails, the others of the round are left. */
export async function takeChunks(evaluator: Evaluator, board: JobBoard): Promise<void> {
  try {
    for (let chunk = board.take(); chunk !== null; chunk = board.take()) {
      board.write(chunk, await evaluator.evaluate(board.read(chunk)));
    }
  } catch (error) {
    board.close();
    throw error;
  }
}

/** The board decides what is evaluated together. */
function planOfMember(plan: EvaluatorPlan): EvaluatorPlan {
  return { ...plan, recipe: { ...plan.recipe, batching: plan.recipe.batching === "loop" ? "loop" : "whole" } };
}

/** From the neighbors of the first positions; those of later ones may differ a little, which costs some padding. */
function planLineup(
  structures: readonly Structure[],
  { weights, neighbors, slotBudget }: EvaluatorPlan,
  workerCount: number,
): Lineup["chunks"] {
  const { architecture } = weights;
  const sizes = structures.map((structure) => {
    checkStructure(structure, architecture);
    return measureBatch([{ structure, pairs: findPairs(structure, architecture.cutoff, neighbors) }]);
  });
  return planShares(sizes, slotBudget, workerCount);
}

async function startMember(
  role: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply>,
  threads: ThreadHost,
  plan: EvaluatorPlan,
  name: string,
): Promise<Member> {
  const thread = threads.start(role, { name, data: plan });
  let tell: (reply: PoolReply | Error) => void = () => undefined;
  let death: Error | null = null;
  thread.onMessage((reply) => tell(reply));
  void thread.died.then((error) => {
    death = error;
    tell(error);
  });
  const answer: Member["answer"] = () =>
    death === null ? new Promise((resolve) => (tell = resolve)) : Promise.resolve(death);
  throwIfFailed(await answer());
  return { ...thread, answer };
}

function throwIfFailed(reply: PoolReply | Error): void {
  if (reply instanceof Error) throw reply;
  if (reply.kind === "failed") throw new Error(reply.message);
}
