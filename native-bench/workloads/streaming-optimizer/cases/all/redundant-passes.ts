import type { BeforeAfterCase } from "../before-after-case.ts";
import { runCaseFit } from "../case-fit.ts";

export const redundantPasses: BeforeAfterCase = {
  id: "redundant-passes",
  seedItem: "1.2",
  title: "Three passes an iteration",
  sides: [
    {
      id: "three",
      label: "three passes",
      help: "H and g, then the cost of the trial, then H and g again at the accepted point.",
      run: (context) => runCaseFit(context, { mode: "nlsq", warmup: "none", max_iterations: 200 }),
    },
    {
      id: "one",
      label: "one fused pass",
      help: "Each trial is one pass; its H and g are used when it is accepted.",
      run: (context) => runCaseFit(context, { warmup: "none" }),
    },
  ],
  explanation:
    "The pass spans carry a short name of their parameter vector. In the slow trace the same name comes up two and three times: the cost pass of a trial, the pass that throws its H and g away, and the pass that opens the next iteration all read all points at one and the same place. In the fast trace every name is there once. A pass for H, g and cost takes little longer than one for the cost alone, since both must compute the model, so asking for everything in every trial is cheaper even where a trial is rejected. The ratio is the same on every engine, since all of them read the same points.",
};
