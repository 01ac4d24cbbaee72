import { allocationChurn } from "./all/allocation-churn.ts";
import { alwaysOnTelemetry } from "./all/always-on-telemetry.ts";
import { appendResiduals } from "./all/append-residuals.ts";
import { blockingCheckpoint } from "./all/blocking-checkpoint.ts";
import { compilePerChunk } from "./all/compile-per-chunk.ts";
import { fullDataWarmUp } from "./all/full-data-warm-up.ts";
import { interpretedCost } from "./all/interpreted-cost.ts";
import { redundantPasses } from "./all/redundant-passes.ts";
import { reverseDerivatives } from "./all/reverse-derivatives.ts";
import { scanLoop } from "./all/scan-loop.ts";
import { sharedPhysics } from "./all/shared-physics.ts";
import type { BeforeAfterCase } from "./before-after-case.ts";

/** Every case, in the order of the seed document. */
export const beforeAfterCases: readonly BeforeAfterCase[] = [
  compilePerChunk,
  reverseDerivatives,
  redundantPasses,
  interpretedCost,
  scanLoop,
  appendResiduals,
  sharedPhysics,
  allocationChurn,
  blockingCheckpoint,
  alwaysOnTelemetry,
  fullDataWarmUp,
];
