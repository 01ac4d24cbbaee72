import { afterEach, describe, expect, it, vi } from "vitest";
import { checkPhysics } from "../../../native-bench/workloads/student-force-field/accuracy/physics-checks.ts";
import type { Evaluator } from "../../../native-bench/workloads/student-force-field/evaluate/evaluator.ts";
import { ultraTinyArchitecture } from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import type { Weights } from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { failureWords, limitWords } from "../../../traces/measure/check-words.ts";
import { openEvaluator } from "./open-evaluator.ts";

// Sessions take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const seeded = createSeededWeights(1);
const tiny = createSeededWeights(1, ultraTinyArchitecture);
const open: Evaluator[] = [];
afterEach(async () => {
  for (const evaluator of open.splice(0)) await evaluator.dispose();
});

async function check(variant: string, rounding: "float64" | "float32" | "int8", weights: Weights = seeded) {
  const evaluator = await openEvaluator(variant, weights);
  open.push(evaluator);
  const evaluate: Evaluator["evaluate"] = (structures) => evaluator.evaluate(structures);
  const checks = await checkPhysics({ evaluate, weights, rounding, isOrdered: true });
  return new Map(checks.map((one) => [one.id, one]));
}

describe("physics checks", () => {
  it("fail 8-bit variants whose energies change in a batch by more than the tolerance", async () => {
    for (const variant of ["fast-int8", "fast-int8-all"]) {
      const company = (await check(variant, "int8")).get("company");
      expect(company).toMatchObject({ limit: 10, passed: false, unit: "meV/atom" });
      expect(company?.value).toBeGreaterThan(10);
      expect(company && failureWords(company)).toMatch(
        /^energy change in a batch \(seven molecules of 3 to 12 atoms\): \d\d\.\d meV\/atom, beyond 10\.0$/,
      );
    }
    // One structure after another shares no scale with others.
    expect((await check("tangent-int8", "int8")).get("company")).toMatchObject({ value: 0, passed: true });
  });

  it("hold each precision to limits of its own, or say that there is none", async () => {
    const tell = async (variant: string, rounding: "float64" | "float32" | "int8") =>
      [...(await check(variant, rounding, tiny))].map(([id, one]) => [id, limitWords(one)]);
    const shared = [
      ["net-force", "limit 0.0100"],
      ["repeat", "limit 0"],
      ["repeat-energy", "limit 0.0100"],
      ["repeat-force", "limit 0.0500"],
      ["cutoff-jump", "no limit for a property of the network: told, not judged"],
    ];
    const changes = ["rotation", "translation", "permutation", "company"];
    for (const [variant, rounding, gradient, change] of [
      ["double", "float64", "limit 1.00e−5", "limit 0.0100"],
      ["fast", "float32", "limit 0.00100", "limit 0.0100"],
      ["fast-int8", "int8", "no limit for int8: told, not judged", "limit 10.0"],
    ] as const) {
      const told = await tell(variant, rounding);
      expect(told, variant).toHaveLength(10);
      expect(told, variant).toEqual(
        expect.arrayContaining([["gradient", gradient], ...changes.map((id) => [id, change]), ...shared]),
      );
    }
  });

  it("say on which molecules they were computed", async () => {
    const checks = [...(await check("fast", "float32", tiny)).values()];
    expect(checks.map(({ id, subject }) => [id, subject])).toEqual([
      ["gradient", "ethanol"],
      ["rotation", "ammonia"],
      ["translation", "benzene"],
      ["permutation", "benzene"],
      ["net-force", "benzene"],
      ["company", "seven molecules of 3 to 12 atoms"],
      ["repeat", "benzene, ethanol and water"],
      ["repeat-energy", "benzene, ethanol and water"],
      ["repeat-force", "benzene, ethanol and water"],
      ["cutoff-jump", "two carbon atoms"],
    ]);
  });

  it("blame a jump at the cutoff on filters only where these are not zero there", async () => {
    const seededJump = (await check("fast", "float32", tiny)).get("cutoff-jump");
    expect(seededJump).toMatchObject({ value: 0 });
    expect(seededJump).not.toHaveProperty("note");
    const tensors = new Map([...tiny.tensors].map(([name, values]) => [name, values.slice()]));
    for (const [name, values] of tensors) if (/rbf_to_scalar.*bias/.test(name)) values.fill(0.5);
    const jump = (await check("fast", "float32", { ...tiny, tensors })).get("cutoff-jump");
    expect(jump?.note).toBe("its filters are not zero at the cutoff");
    expect(jump?.value).toBeGreaterThan(0);
  });

  it("count no repeat of what is not a number as another answer", async () => {
    const broken = { energy: NaN, forces: Float64Array.of(NaN, 0, 0), virial: new Float64Array(9) };
    const checks = await checkPhysics({
      evaluate: (structures) => Promise.resolve(structures.map(() => broken)),
      weights: tiny,
      rounding: "float32",
      isOrdered: true,
    });
    expect(checks.find(({ id }) => id === "repeat")).toMatchObject({ value: 0, passed: true, count: true });
    expect(checks.find(({ id }) => id === "company")).toMatchObject({ value: NaN, passed: false });
  });

  /** As atomic additions do: no answer comes twice. Energies move by `drift` eV from call to call, forces twice as far. */
  const drifting = async (drift: number, isOrdered: boolean) => {
    let call = 0;
    const checks = await checkPhysics({
      evaluate: (structures) => {
        const shift = call++ % 2 === 1 ? drift : 0;
        return Promise.resolve(
          structures.map(({ positions }) => ({
            energy: shift,
            forces: positions.map(() => 2 * shift),
            virial: new Float64Array(9),
          })),
        );
      },
      weights: tiny,
      rounding: "float32",
      isOrdered,
    });
    return Object.fromEntries(checks.filter(({ id }) => id.startsWith("repeat")).map((one) => [one.id, one]));
  };

  it("tell a device without order from a wrong one by how far its answers lie apart", async () => {
    // Water has three atoms: 1e-5 eV are 0.0033 meV an atom.
    const rounded = await drifting(1e-5, false);
    expect(rounded["repeat"]).toMatchObject({
      value: 6,
      limit: null,
      passed: true,
      note: "by up to 0.00333 meV/atom and 0.0200 meV/Å",
    });
    expect(limitWords(rounded["repeat"])).toBe("no limit where sums have no order: told, not judged");
    expect(rounded["repeat-energy"]).toMatchObject({ limit: 0.01, passed: true });
    expect(rounded["repeat-force"]).toMatchObject({ limit: 0.05, passed: true });
    const wrong = await drifting(5e-5, false);
    expect(wrong["repeat-energy"].passed).toBe(false);
    expect(wrong["repeat-force"].passed).toBe(false);
    const broken = await drifting(NaN, false);
    expect(broken["repeat-energy"]).toMatchObject({ value: NaN, passed: false });
  });

  it("hold a processor to every bit", async () => {
    const { repeat } = await drifting(1e-12, true);
    expect(repeat).toMatchObject({ value: 6, limit: 0, passed: false });
  });
});
