import type { Experiment } from "../experiment.ts";
import { type FitModel, type ParameterSpec, xpcsParameters } from "../fit-model.ts";
import { laminarPerAngleModel } from "./laminar-per-angle.ts";

const { contrast, offset, ...transport } = xpcsParameters;
const transportCount = Object.keys(transport).length;

/** Order 2: a mean and two harmonics. */
const terms = ["", "cos", "sin", "cos2", "sin2"] as const;
const harmonicsOf = (degrees: number): readonly number[] => {
  const phi = (degrees * Math.PI) / 180;
  return [1, Math.cos(phi), Math.sin(phi), Math.cos(2 * phi), Math.sin(2 * phi)];
};

/** Harmonics start at none, and may be as large as the mean. */
const seriesOf = (mean: ParameterSpec): readonly ParameterSpec[] =>
  terms.map((term, index) =>
    index === 0
      ? mean
      : { ...mean, name: `${mean.name}.${term}`, lower: -mean.upper, upper: mean.upper, truth: 0, start: 0 },
  );

/** Laminar flow whose contrast and offset follow a Fourier series of order 2 in the angle: 5 + 5 coefficients and seven shared parameters. */
export const laminarFourierModel: FitModel = {
  id: "laminar-fourier",
  label: "Laminar flow, scaling as a Fourier series (17)",
  hasFlow: true,
  scalingPerAngle: false,
  leastSamplePoints: 131_072,
  parameters: () => [...seriesOf(contrast), ...seriesOf(offset), ...Object.values(transport)],
  transport: (parameters) => laminarPerAngleModel.transport(Array.from(parameters).slice(2 * terms.length)),
  scaling: (parameters) => [parameters[0] ?? 0, parameters[terms.length] ?? 0],
  columns: () => [0, terms.length, ...Object.keys(transport).map((_, index) => 2 * terms.length + index)],
  reduction: { base: laminarPerAngleModel, matrix: fourierMatrix },
};

/** How the parameters of the model with a pair an angle follow from these: one row for each of them. */
function fourierMatrix({ anglesDegrees }: Experiment): readonly Float64Array[] {
  const count = 2 * terms.length + transportCount;
  const unit = (index: number): Float64Array => Float64Array.from({ length: count }, (_, at) => (at === index ? 1 : 0));
  return [
    ...Array.from({ length: transportCount }, (_, index) => unit(2 * terms.length + index)),
    ...anglesDegrees.flatMap((degrees) =>
      [0, terms.length].map((first) => {
        const row = new Float64Array(count);
        row.set(harmonicsOf(degrees), first);
        return row;
      }),
    ),
  ];
}
