import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { onnxruntimeCpu } from "../../../native-bench/backends/onnxruntime-cpu.ts";
import { readPeakBytes, resetPeak } from "../../../native-bench/machine/memory.ts";
import { shuffle, createRandom } from "../../../native-bench/runner/random.ts";
import { calibrateSpanCost, timeSpans } from "../../../native-bench/spans/calibrate.ts";
import { createRunClock, startClock } from "../../../native-bench/spans/clock.ts";
import { nullRecorder } from "../../../native-bench/spans/recorder.ts";
import type { ThreadHost } from "../../../native-bench/threads/thread.ts";
import {
  createEvaluator,
  type EvaluatorPlan,
} from "../../../native-bench/workloads/student-force-field/evaluate/create-evaluator.ts";
import { evaluatorThread } from "../../../native-bench/workloads/student-force-field/evaluate/evaluator-thread.ts";
import type { Evaluator } from "../../../native-bench/workloads/student-force-field/evaluate/evaluator.ts";
import { defaultSlotBudget } from "../../../native-bench/workloads/student-force-field/evaluate/planner.ts";
import {
  createPoolEvaluator,
  type PoolReply,
  type PoolRequest,
} from "../../../native-bench/workloads/student-force-field/evaluate/pool-evaluator.ts";
import {
  compareWithReference,
  evaluateReference,
} from "../../../native-bench/workloads/student-force-field/accuracy/against-reference.ts";
import { checkPhysics } from "../../../native-bench/workloads/student-force-field/accuracy/physics-checks.ts";
import { roundingOf } from "../../../native-bench/workloads/student-force-field/evaluate/precision.ts";
import type { Recipe } from "../../../native-bench/workloads/student-force-field/evaluate/recipe.ts";
import { failureWords } from "../../../traces/measure/check-words.ts";
import { largestDifference } from "../../../native-bench/workloads/student-force-field/accuracy/checks.ts";
import { checkWeights } from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import {
  PairMemory,
  sumSquaredDistances,
} from "../../../native-bench/workloads/student-force-field/neighbors/pair-list.ts";
import { defaultRank } from "../../../native-bench/workloads/student-force-field/radial/rank-basis.ts";
import {
  createReferenceModel,
  type ReferenceModel,
} from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import { perturb } from "../../../native-bench/workloads/student-force-field/structures/perturb.ts";
import {
  createStructures,
  type StructureSet,
} from "../../../native-bench/workloads/student-force-field/structures/sets.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";
import { createWaterBox } from "../../../native-bench/workloads/student-force-field/structures/water-box.ts";
import { findVariant } from "../../../native-bench/workloads/student-force-field/variants.ts";

/*
 * Times the student force field end to end: neighbor list, inputs, session.run, assembly. Contenders take turns in a
 * random order; every evaluation has new positions, the same for all contenders. One line of JSON on standard output.
 *
 *   node student.cjs race ROUNDS [NAME]   all races, or those whose name begins so, and who is outside its tolerances
 *   node student.cjs memory VARIANT SET   one evaluation and the peak of resident memory
 *   node student.cjs spans                 what a recorded span costs, and one that is not recorded
 *   node student.cjs check                errors against the float64 reference, finite differences, repeats
 */

const { cutoff } = createSeededWeights(1).architecture;
const weights = createSeededWeights(1);
const sigma = 1e-3;
const warmUpMs = 200;
const warmUpRuns = 5;

interface Race {
  readonly name: string;
  readonly structures: readonly Structure[];
  readonly contenders: readonly string[];
  /** Evaluations a turn: short ones are repeated. */
  readonly repeats: number;
}

interface Timing {
  readonly contender: string;
  /** Of one evaluation of all structures. */
  readonly minMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly count: number;
  /** Least of each round's turns. */
  readonly roundMs: readonly number[];
}

interface RaceResult {
  readonly name: string;
  readonly structureCount: number;
  readonly timings: readonly Timing[];
}

const batches = [1, 2, 4, 8, 16, 32, 64];

const races: readonly Race[] = [
  race("h2o", 1, ["naive", "scatter-nd", "tangent", "fast", "fast-int8"], 20),
  race("c6h6", 1, ["naive", "scatter-nd", "tangent", "fast", "fast-int8"], 8),
  race(
    "c60",
    1,
    ["naive", "scatter-nd", "tangent", "fast", "fast-loop", "fast-blocked", "fast-int8", "rank 16", "rank 32"],
    2,
  ),
  race(
    "mix",
    64,
    ["naive", "scatter-nd", "tangent", "fast", "fast-loop", "fast-padded", "fast-blocked", "fast-pool", "fast-int8"],
    3,
  ),
  race("water192", 1, ["fast-loop", "fast-blocked"], 1),
  race("water648", 1, ["fast-loop", "fast-blocked"], 1),
  ...batches.map((batch) => ({
    ...race("mix", batch, ["fast", "fast-loop"], Math.ceil(32 / batch)),
    name: `mix × ${batch}, planned and loop`,
  })),
];

function race(set: StructureSet, count: number, contenders: readonly string[], repeats: number): Race {
  const structures = createStructures(set, count);
  return { name: count === 1 ? set : `${set} × ${count}`, structures, contenders, repeats };
}

async function main(): Promise<void> {
  const [, , mode, first, second] = process.argv;
  const rounds = Number(first);
  if (mode === "check") return print(await checkNumbers());
  if (mode === "spans") return print(timeRecorders());
  if (mode === "memory") return print(await measureMemory(first, second as StructureSet));
  if (mode === "race") return print({ ...(await runRaces(rounds, second ?? "")), neighbors: timeNeighbors(rounds) });
  throw new Error(`no mode ${mode}`);
}

function print(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function runRaces(
  rounds: number,
  name: string,
): Promise<{ races: RaceResult[]; outside: Record<string, string> }> {
  const open = new Map<string, Evaluator>();
  const results: RaceResult[] = [];
  for (const one of races.filter((one) => one.name.startsWith(name))) {
    for (const id of one.contenders) if (!open.has(id)) open.set(id, await openContender(id));
    const timings = await run(one, open, rounds);
    results.push({ name: one.name, structureCount: one.structures.length, timings });
    process.stderr.write(
      `${one.name}: ${timings.map(({ contender, minMs }) => `${contender} ${minMs.toFixed(2)}`).join(", ")} ms\n`,
    );
  }
  const outside: Record<string, string> = {};
  for (const [id, evaluator] of open) {
    const failures = await judge(id, evaluator);
    if (failures !== "") outside[id] = failures;
    await evaluator.dispose();
  }
  return { races: results, outside };
}

/** The checks of the product: what a contender is outside of its tolerances by, "" when it is within. */
async function judge(id: string, evaluator: Evaluator): Promise<string> {
  const evaluate = (structures: readonly Structure[]) => evaluator.evaluate(structures);
  const cases = evaluateReference(weights, createStructures("mix", 6));
  const found = await evaluate(cases.map(({ structure }) => structure));
  const physics = await checkPhysics({ evaluate, weights, rounding: roundingOf(recipeOf(id)), isOrdered: true });
  const checks = [...compareWithReference(cases, found), ...physics];
  return checks
    .filter(({ passed }) => !passed)
    .map(failureWords)
    .join("; ");
}

async function run(
  { structures, contenders, repeats }: Race,
  open: ReadonlyMap<string, Evaluator>,
  rounds: number,
): Promise<Timing[]> {
  const samples = new Map(contenders.map((id) => [id, [] as number[]]));
  const random = createRandom(7);
  const vary = (index: number): Structure[] => {
    const noise = createRandom(1000 + index);
    return structures.map((structure) => perturb(structure, sigma, noise));
  };
  const take = async (id: string, index: number): Promise<number> => {
    const varied = vary(index);
    const startMs = performance.now();
    await open.get(id)?.evaluate(varied);
    return performance.now() - startMs;
  };
  for (const id of contenders) {
    let spentMs = 0;
    for (let i = 0; i < warmUpRuns || spentMs < warmUpMs; i++) spentMs += await take(id, 10_000 + i);
  }
  for (let round = 0; round < rounds; round++) {
    for (const id of shuffle(contenders, random)) {
      for (let i = 0; i < repeats; i++) samples.get(id)?.push(await take(id, round * repeats + i));
    }
  }
  return [...samples].map(([contender, times]) => summarize(contender, times, repeats));
}

function summarize(contender: string, times: readonly number[], repeats: number): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  const roundMs = Array.from({ length: times.length / repeats }, (_, round) =>
    Math.min(...times.slice(round * repeats, (round + 1) * repeats)),
  );
  return { contender, minMs: sorted[0], medianMs: at(0.5), p95Ms: at(0.95), count: sorted.length, roundMs };
}

/** Of "fast", "fast-pool", "rank 16". */
function recipeOf(id: string): Recipe {
  const [, rank] = /^rank (\d+)$/.exec(id) ?? [];
  const variant = findVariant(rank === undefined ? id : "fast-loop");
  const recipe = variant?.recipe?.(rank === undefined ? defaultRank : Number(rank));
  if (recipe === undefined) throw new Error(`no contender ${id}`);
  return recipe;
}

function openContender(id: string, threadCount = 1): Promise<Evaluator> {
  const plan: EvaluatorPlan = {
    weights,
    recipe: recipeOf(id),
    backendId: onnxruntimeCpu.id,
    threadCount,
    optimization: "all",
    neighbors: "auto",
    slotBudget: defaultSlotBudget,
  };
  const workerCount = findVariant(id)?.leastWorkers ?? 1;
  return workerCount === 1
    ? createEvaluator(plan, onnxruntimeCpu, nullRecorder)
    : createPoolEvaluator(evaluatorThread, {
        plan,
        name: id,
        threads: threadHost,
        workerCount,
        recorder: nullRecorder,
        createOwn: (own) => createEvaluator(own, onnxruntimeCpu, nullRecorder),
      });
}

/** Threads from this very bundle, without the recording of the product's. */
const threadHost: ThreadHost = {
  start(_role, { name, data }) {
    const worker = new Worker(__filename, { name, workerData: data });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on("message", listener),
      died: new Promise<Error>((resolve) => {
        worker.on("error", resolve);
        worker.on("exit", (code) => resolve(new Error(`thread ended with code ${code}`)));
      }),
      stop: async () => void (await worker.terminate()),
    };
  },
};

const neighborTurns = 3;

/** Least of the turns of each round, as in the races. */
function timeNeighbors(rounds: number): { name: string; halfMs: number[]; cellsMs: number[]; same: boolean }[] {
  const moleculesPerEdge = 15;
  return [false, true].map((periodic) => {
    const structure = createWaterBox(moleculesPerEdge, { periodic });
    const times = { half: [] as number[], cells: [] as number[] };
    const sums = { half: 0, cells: 0 };
    // As an evaluator does from step to step.
    const memory = new PairMemory();
    let spentMs = 0;
    for (let i = 0; i < warmUpRuns || spentMs < warmUpMs; i++) {
      const startMs = performance.now();
      findPairs(structure, cutoff, "cells", memory);
      spentMs += performance.now() - startMs;
    }
    for (let round = 0; round < rounds; round++) {
      for (const method of ["half", "cells"] as const) {
        let leastMs = Infinity;
        for (let turn = 0; turn < neighborTurns; turn++) {
          const varied = perturb(structure, sigma, createRandom(round * neighborTurns + turn));
          const startMs = performance.now();
          const pairs = findPairs(varied, cutoff, method, memory);
          leastMs = Math.min(leastMs, performance.now() - startMs);
          sums[method] = sumSquaredDistances(pairs);
        }
        times[method].push(leastMs);
      }
    }
    const same = Math.abs(sums.half / sums.cells - 1) < 1e-12;
    return { name: structure.name, halfMs: times.half, cellsMs: times.cells, same };
  });
}

function timeRecorders(): { recordedNs: number; nullNs: number } {
  const clock = createRunClock(startClock());
  calibrateSpanCost();
  timeSpans(nullRecorder, clock);
  return { recordedNs: calibrateSpanCost(), nullNs: timeSpans(nullRecorder, clock) };
}

interface Check {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly limit: number;
}

/** The numerical claims, on molecules of 3 to 60 atoms and a periodic box. */
async function checkNumbers(): Promise<Check[]> {
  const reference = createReferenceModel(weights);
  const subjects = [
    ...createStructures("mix", 6),
    ...createStructures("c60", 1),
    perturb(createWaterBox(2, { periodic: true }), 0.02, createRandom(3)),
  ];
  const expected = subjects.map((structure) =>
    reference.evaluate(structure.atomicNumbers, findPairs(structure, cutoff)),
  );
  const compare = async (id: string, threadCount = 1) => {
    const evaluator = await openContender(id, threadCount);
    const found = await evaluator.evaluate(subjects);
    let repeats = 0;
    for (let run = 1; run < 12; run++) {
      const again = await evaluator.evaluate(subjects);
      if (again.some(({ energy, forces }, i) => energy !== found[i].energy || !isEqual(forces, found[i].forces)))
        repeats++;
    }
    await evaluator.dispose();
    return {
      energy: Math.max(...found.map(({ energy }, i) => Math.abs(energy - expected[i].energy))),
      force: Math.max(...found.map(({ forces }, i) => largestDifference(forces, expected[i].forces))),
      repeats,
    };
  };
  const double = await compare("double");
  const naive = await compare("naive");
  const exact = await compare("fast");
  const two = await compare("fast", 2);
  return [
    {
      id: "parameters",
      label: "parameters beside 427,292",
      value: Math.abs(checkWeights(weights) - 427_292),
      limit: 0,
    },
    { id: "double-energy", label: "float64 graph, eV", value: double.energy, limit: 1e-9 },
    { id: "double-force", label: "float64 graph, eV/Å", value: double.force, limit: 1e-9 },
    { id: "naive-energy", label: "float32 naive graph, eV", value: naive.energy, limit: 1e-3 },
    { id: "naive-force", label: "float32 naive graph, eV/Å", value: naive.force, limit: 1e-4 },
    { id: "fast-energy", label: `float32 fast graph of rank ${defaultRank}, eV`, value: exact.energy, limit: 1e-3 },
    { id: "fast-force", label: `float32 fast graph of rank ${defaultRank}, eV/Å`, value: exact.force, limit: 1e-4 },
    {
      id: "gradient",
      label: "reference against finite differences, eV/Å",
      value: differ(reference, subjects),
      limit: 1e-5,
    },
    { id: "repeat-1", label: "of 12 runs other bits, one thread", value: exact.repeats, limit: 0 },
    { id: "repeat-2", label: "of 12 runs other bits, two threads", value: two.repeats, limit: 0 },
  ];
}

/** Largest error of the reference's forces along a random direction, by central differences. */
function differ(reference: ReferenceModel, subjects: readonly Structure[]): number {
  const random = createRandom(11);
  const step = 1e-5;
  const errors = subjects.map((structure) => {
    const direction = structure.positions.map(() => 2 * random() - 1);
    const energyAt = (factor: number): number => {
      const positions = structure.positions.map((value, i) => value + factor * direction[i]);
      return reference.computeEnergy(structure.atomicNumbers, findPairs({ ...structure, positions }, cutoff));
    };
    const { forces } = reference.evaluate(structure.atomicNumbers, findPairs(structure, cutoff));
    const slope = -forces.reduce((sum, force, i) => sum + force * direction[i], 0);
    return Math.abs((energyAt(step) - energyAt(-step)) / (2 * step) - slope) / Math.hypot(...direction);
  });
  return Math.max(...errors);
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}

/**
 * Peak of resident memory over what a session with a small molecule takes. The kernel's mark is reset before the
 * evaluations, so that the peak of loading the session does not hide theirs; null where a system keeps no such mark.
 */
async function measureMemory(variant: string, set: StructureSet): Promise<{ addedBytes: number | null; ms: number }> {
  const evaluator = await openContender(variant);
  await evaluator.evaluate(createStructures("h2o", 1));
  const structures = createStructures(set, 1);
  const isReset = resetPeak();
  const beforeBytes = process.memoryUsage.rss();
  const startMs = performance.now();
  await evaluator.evaluate(structures);
  await evaluator.evaluate(structures);
  const ms = (performance.now() - startMs) / 2;
  return { addedBytes: isReset ? readPeakBytes() - beforeBytes : null, ms };
}

if (isMainThread) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  });
} else {
  const port = parentPort;
  if (port !== null) {
    void evaluatorThread.run({
      data: workerData as EvaluatorPlan,
      recorder: nullRecorder,
      cancelFlag: new Int32Array(new SharedArrayBuffer(4)),
      post: (message: PoolReply) => port.postMessage(message),
      onMessage: (listener: (message: PoolRequest) => void) => void port.on("message", listener),
    });
  }
}
