import type { FitModel } from "./fit-model.ts";
import { laminarFourierModel } from "./models/laminar-fourier.ts";
import { laminarPerAngleModel } from "./models/laminar-per-angle.ts";
import { laminarModel } from "./models/laminar.ts";
import { staticModel } from "./models/static.ts";

export const fitModels: readonly FitModel[] = [staticModel, laminarModel, laminarPerAngleModel, laminarFourierModel];

/** Those that kernels compute themselves. */
export const kernelModels = fitModels.filter(({ reduction }) => reduction === undefined);

export const findFitModel = (id: string): FitModel | null => fitModels.find((model) => model.id === id) ?? null;
