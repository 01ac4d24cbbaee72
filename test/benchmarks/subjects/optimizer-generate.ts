import {
  generateExperiment,
  referenceSigma,
} from "../../../native-bench/workloads/streaming-optimizer/data/generate-experiment.ts";
import { laminarModel } from "../../../native-bench/workloads/streaming-optimizer/model/models/laminar.ts";

/* `optimizer-generate FILE POINTS`: the synthetic experiment of the benchmark. */

const [path = "", points = ""] = process.argv.slice(2);

void generateExperiment({
  path,
  model: laminarModel,
  pointCount: Number(points),
  seed: 1,
  sigma: referenceSigma,
  dtype: "f64",
  layout: "full",
  parameters: null,
});
