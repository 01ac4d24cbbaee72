import type { Experiment } from "../../model/experiment.ts";
import { diffusionFactor } from "../../model/experiment.ts";
import { smoothing } from "../../kernel/kernel-constants.ts";
import { createTimeTables, fillTimeTables, timeTable } from "../../model/time-tables.ts";
import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { readFirstRows } from "../case-data.ts";

/** The slow side costs O(n) a point. */
const mostPoints = 40_000;

export const reverseDerivatives: BeforeAfterCase = {
  id: "reverse-derivatives",
  seedItem: "1.1",
  title: "Reverse differentiation per point",
  sides: [
    {
      id: "reverse",
      label: "reverse per point",
      help: "The cotangent of each point is pulled back through the cumulative sum of D over all times.",
      run: (context) => run(context, "reverse"),
    },
    {
      id: "forward",
      label: "forward tables",
      help: "Derivatives of the cumulative sums are tables, computed once a pass.",
      run: (context) => run(context, "forward"),
    },
  ],
  explanation:
    "Both traces show the same kernel spans, only longer: nothing is compiled, read or copied more often. The sign is that time per point grows with the number of times n, which no counter of points explains; doubling n doubles the ratio. Reverse mode is the right choice for one output and many inputs. Here each point is an output of its own with five inputs that all pass through one shared sum, so forward derivatives of that sum, made once, serve every point. Vectorising over points (vmap) hides the waste, it does not remove it, on a GPU as little as here.",
};

async function run(context: CaseContext, mode: "reverse" | "forward") {
  const { dataset, recorder, model } = context;
  const { values, rowCount } = readFirstRows(dataset, mostPoints);
  const { experiment } = dataset;
  const start = Float64Array.from(model.parameters(experiment), (spec) => spec.start);
  const transport = model.transport(start);
  const [contrast, offset] = model.scaling(start, 0);
  const g = new Float64Array(5);
  const tables = createTimeTables(experiment.timeCount);
  const { elapsedMs } = await timeCase(recorder, mode === "reverse" ? "reverse per point" : "forward tables", () => {
    fillTimeTables(experiment, transport, tables);
    const adjoint = new Float64Array(experiment.timeCount);
    const rates = sampleRates(experiment, transport);
    for (let i = 0; i < rowCount; i++) {
      context.throwIfCancelled();
      for (let j = 0; j < experiment.timeCount; j++) {
        const difference = tables.values[i] - tables.values[j];
        const length = Math.sqrt(difference * difference + smoothing);
        const k2 = diffusionFactor(experiment);
        const e = Math.exp(k2 * length);
        const residual = values[i * experiment.timeCount + j] - offset - contrast * e;
        const slope = (contrast * k2 * e * difference) / length;
        g[0] += residual * e;
        g[1] += residual;
        if (mode === "reverse") pullBack({ i, j, cotangent: residual * slope, adjoint, rates, g });
        else
          for (let k = 0; k < 3; k++) {
            const table = (timeTable.diffusionByScale + k) * tables.stride;
            g[2 + k] += residual * slope * (tables.values[table + i] - tables.values[table + j]);
          }
      }
    }
  });
  return {
    itemCount: rowCount * experiment.timeCount,
    elapsedMs,
    digest: [...g],
    facts: { times: experiment.timeCount },
  };
}

interface Rates {
  readonly byScale: Float64Array;
  readonly byExponent: Float64Array;
}

function sampleRates(
  experiment: Experiment,
  { diffusion, diffusionExponent }: { readonly diffusion: number; readonly diffusionExponent: number },
): Rates {
  const seconds = Float64Array.from({ length: experiment.timeCount }, (_, i) =>
    Math.max(i * experiment.timeStepSeconds, experiment.timeStepSeconds / 2, 1e-8),
  );
  const byScale = seconds.map((t) => t ** diffusionExponent);
  return { byScale, byExponent: byScale.map((power, i) => diffusion * power * Math.log(seconds[i])) };
}

interface PullBack {
  readonly i: number;
  readonly j: number;
  readonly cotangent: number;
  readonly adjoint: Float64Array;
  readonly rates: Rates;
  readonly g: Float64Array;
}

/** The transpose of S_i − S_j = Σ (D_m + D_{m−1})/2: every D between the two times gets its share, then D0, α and Doff. */
function pullBack({ i, j, cotangent, adjoint, rates, g }: PullBack): void {
  adjoint.fill(0);
  const [first, last, sign] = i < j ? [i, j, -1] : [j, i, 1];
  for (let m = first + 1; m <= last; m++) {
    adjoint[m] += (sign * cotangent) / 2;
    adjoint[m - 1] += (sign * cotangent) / 2;
  }
  for (let m = 0; m < adjoint.length; m++) {
    g[2] += adjoint[m] * rates.byScale[m];
    g[3] += adjoint[m] * rates.byExponent[m];
    g[4] += adjoint[m];
  }
}
