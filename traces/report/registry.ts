import type { ReportSection } from "./report-section.ts";
import { accuracy } from "./sections/accuracy.ts";
import { breakdown } from "./sections/breakdown.ts";
import { claims } from "./sections/claims.ts";
import { deltas } from "./sections/deltas.ts";
import { distributions } from "./sections/distributions.ts";
import { environment } from "./sections/environment.ts";
import { findings } from "./sections/findings.ts";
import { flame } from "./sections/flame.ts";
import { kernels } from "./sections/kernels.ts";
import { scaling } from "./sections/scaling.ts";
import { steps } from "./sections/steps.ts";
import { verdict } from "./sections/verdict.ts";
import { waterfall } from "./sections/waterfall.ts";

/** In the order in which reports show them. */
export const reportSections: readonly ReportSection[] = [
  verdict,
  waterfall,
  deltas,
  flame,
  steps,
  distributions,
  breakdown,
  kernels,
  scaling,
  findings,
  accuracy,
  claims,
  environment,
];
