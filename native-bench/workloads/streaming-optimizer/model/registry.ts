import type { FitModel } from "./fit-model.ts";
import { laminarPerAngleModel } from "./models/laminar-per-angle.ts";
import { laminarModel } from "./models/laminar.ts";
import { staticModel } from "./models/static.ts";

export const fitModels: readonly FitModel[] = [staticModel, laminarModel, laminarPerAngleModel];

export const findFitModel = (id: string): FitModel | null => fitModels.find((model) => model.id === id) ?? null;
