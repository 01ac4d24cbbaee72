import type { BeforeAfterCase } from "../before-after-case.ts";
import { runCaseFit } from "../case-fit.ts";

export const fullDataWarmUp: BeforeAfterCase = {
  id: "full-data-warm-up",
  seedItem: "phase 1",
  title: "Warm-up over all points",
  sides: [
    {
      id: "adam",
      label: "Adam over all points",
      help: "At least 200 passes before an exit is tested, then the same solver.",
      run: (context) => runCaseFit(context, { warmup: "adam" }),
    },
    {
      id: "sample",
      label: "solver on a sample",
      help: "The solver itself on every 32nd row, where a sample is worth it.",
      run: (context) => runCaseFit(context, {}),
    },
  ],
  explanation:
    "Phase 1 fills nearly the whole width of the slow trace: hundreds of pass spans, each as long as the few of phase 2 beside them. They move the parameters by a fraction of a percent of their bounds, since the second defense layer holds the learning rate at 1e-5 so near to the data. Phase 2 then takes about as many passes as it would have taken from the start. The seed document looks for its time in the Jacobian and the loops; the largest saving was here, and it needs no faster code. A sample of the rows brings the solver as close for the price of a third of a pass.",
};
