import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checkImport } from "../../fixtures/check-import.ts";
import { toBytes } from "./import-text.ts";

const kineto = `{
  "schemaVersion": 1,
  "traceEvents": [
  {
    "ph": "X", "cat": "cpu_op", "name": "aten::mm", "pid": 7, "tid": 7,
    "ts": 1712195495519689.012, "dur": 63.813,
    "args": {"External id": 1}
  },
  {
    "ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": 7, "tid": 7,
    "ts": 1712195495519699.012, "dur": 4,
    "args": {"correlation": 9}
  },
  {
    "ph": "X", "cat": "kernel", "name": "gemm", "pid": 0, "tid": 7,
    "ts": 1712195495519719.5, "dur": 30.25,
    "args": {"correlation": 9}
  }
  ],
  "traceName": "x.json"
}`;

const ort = `[
{"cat" : "Session","pid" :5,"tid" :5,"dur" :809,"ts" :3,"ph" : "X","name" :"model_loading_array","args" : {}},
{"cat" : "Session","pid" :5,"tid" :5,"dur" :3005,"ts" :856,"ph" : "X","name" :"session_initialization","args" : {}},
{"cat" : "Node","pid" :5,"tid" :5,"dur" :74,"ts" :4216,"ph" : "X","name" :"MatMul_kernel_time","args" : {"op_name" : "MatMul","provider" : "CPUExecutionProvider"}},
{"cat" : "Session","pid" :5,"tid" :5,"dur" :80,"ts" :4215,"ph" : "X","name" :"SequentialExecutor::Execute","args" : {}},
{"cat" : "Session","pid" :5,"tid" :5,"dur" :99,"ts" :4211,"ph" : "X","name" :"model_run","args" : {}},
{"cat" : "Api","pid" :-1,"tid" :-1,"dur" :450,"ts" :4300,"ph" : "X","name" :"MatMul&MatMul","args" : {}},
{"cat" : "Api","pid" :-1,"tid" :-1,"dur" :45,"ts" :4800,"ph" : "X","name" :"MatMul&MatMul","args" : {}}
]
`;

const samples = join(import.meta.dirname, "../../../traces/samples");
const sampleFiles = readdirSync(samples).filter((file) => /\.json(\.gz)?$/.test(file) && file !== "samples.json");

describe("importers", () => {
  it.each(sampleFiles)("read the sample %s", async (file) => {
    const stored = readFileSync(join(samples, file));
    const bytes = file.endsWith(".gz") ? gunzipSync(stored) : stored;
    expect(
      await checkImport(file, bytes, file.startsWith("onnxruntime") ? "onnxruntime-json" : "chrome-json"),
    ).toContain(" @0 +");
  });

  it("read a PyTorch trace", async () => {
    expect(await checkImport("run.pt.trace.json", toBytes(kineto), "chrome-json")).toMatchInlineSnapshot(`
      "process process 7
      thread thread 7
        aten::mm op @0 +63813 self 59813
          cudaLaunchKernel launch @10000 +4000 self 4000 link 9
      device GPU 0
      stream stream 7
        gemm kernel @30488 +30250 self 30250 link 9"
    `);
  });

  it("read an ONNX Runtime profile: children before parents, device calls beside the session, shader compilation first", async () => {
    expect(await checkImport("onnxruntime_profile.json", toBytes(ort), "onnxruntime-json")).toMatchInlineSnapshot(`
      "process ONNX Runtime 5
      thread session
        model_loading_array io @0 +809000 self 809000
        session_initialization compile @853000 +3005000 self 3005000
        model_run step @4208000 +99000 self 19000
          SequentialExecutor::Execute phase @4212000 +80000 self 6000
            MatMul_kernel_time op @4213000 +74000 self 74000
      device GPU
      stream device calls
        MatMul&MatMul compile @4297000 +450000 self 450000
        MatMul&MatMul kernel @4797000 +45000 self 45000"
    `);
  });

  it("read a Chrome trace", async () => {
    const events =
      '[{"ph":"B","pid":1,"tid":1,"ts":1,"name":"a"},{"ph":"i","pid":1,"tid":1,"ts":2,"name":"mark"},{"ph":"E","pid":1,"tid":1,"ts":9},{"ph":"C","pid":1,"ts":5,"name":"c","args":{"v":2}}]';
    expect(await checkImport("trace.json", toBytes(events), "chrome-json")).toMatchInlineSnapshot(`
      "process process 1
      thread thread 1
        a other @0 +8000 self 8000
        ! mark @1000
      counter c v
        # @4000 = 2"
    `);
  });
});
