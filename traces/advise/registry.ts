import type { AdviceRule } from "./rule.ts";
import { allocation } from "./rules/allocation.ts";
import { blockingWrites } from "./rules/blocking-writes.ts";
import { copiesAlone } from "./rules/copies-alone.ts";
import { dataMovement } from "./rules/data-movement.ts";
import { incompleteCapture } from "./rules/incomplete-capture.ts";
import { inputBound } from "./rules/input-bound.ts";
import { loopOverhead } from "./rules/loop-overhead.ts";
import { precisionHeadroom } from "./rules/precision-headroom.ts";
import { recompilation } from "./rules/recompilation.ts";
import { recorderCost } from "./rules/recorder-cost.ts";
import { sameInputs } from "./rules/same-inputs.ts";
import { smallKernels } from "./rules/small-kernels.ts";
import { starvedDevice } from "./rules/starved-device.ts";
import { tinyWaits } from "./rules/tiny-waits.ts";
import { workOutlivesStep } from "./rules/work-outlives-step.ts";

/** In the order of their ids; a report shows them by what they save. */
export const adviceRules: readonly AdviceRule[] = [
  tinyWaits,
  starvedDevice,
  inputBound,
  recompilation,
  sameInputs,
  copiesAlone,
  smallKernels,
  blockingWrites,
  allocation,
  dataMovement,
  precisionHeadroom,
  recorderCost,
  loopOverhead,
  workOutlivesStep,
  incompleteCapture,
];
