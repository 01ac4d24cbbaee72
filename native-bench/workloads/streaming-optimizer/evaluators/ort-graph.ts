import { smallestExponent, seriesBelow, smoothing } from "../kernel/kernel-constants.ts";
import { Graph } from "../../../onnx/graph.ts";
import { broadcastShapes, type Dimension, type Tensor } from "../../../onnx/tensor.ts";

/** Sizes of a pass graph; the number of rows is known when it runs. */
export interface PassGraphShape {
  readonly hasFlow: boolean;
  readonly timeCount: number;
  readonly angleCount: number;
}

/**
 * The pass as an ONNX graph in float64, written from the formulas and from no kernel of ours. Inputs: `row` [8, rows, 1] and `column`
 * [8, 1, n], the cumulative integrals; `angles` [2, angles, 1, 1], κcos(φ0−φ) and −κsin(φ0−φ)·π/180; `factors` [3], k2, contrast, offset;
 * `y` [angles, rows, n]. Output: `products` [p+1, p+1] of the columns of J and the residual, the residual last.
 */
export function buildPassGraph({ hasFlow, timeCount, angleCount }: PassGraphShape): Uint8Array {
  const graph = new Graph("float64");
  const rows: Dimension = "rows";
  const row = graph.input("row", [8, rows, 1]);
  const column = graph.input("column", [8, 1, timeCount]);
  const y = graph.input("y", [angleCount, rows, timeCount]);
  const factors = graph.input("factors", [3]);
  const math = createMath(graph);
  const { add, subtract, multiply, divide, scalar, one } = math;
  const [k2, contrast, offset] = [0, 1, 2].map((index) => math.pick(factors, index, []));
  const difference = (table: number): Tensor =>
    subtract(math.pick(row, table, [rows, 1]), math.pick(column, table, [1, timeCount]));
  const absolute = (x: Tensor): Tensor => one("Sqrt", add(multiply(x, x), scalar(smoothing)));

  const dS = difference(0);
  const absS = absolute(dS);
  const e = one("Exp", math.pair("Max", multiply(k2, absS), scalar(smallestExponent)));
  const flow = hasFlow ? buildFlow(graph, math, difference, absolute, angleCount) : null;
  const ones = add(multiply(y, scalar(0)), scalar(1));
  const E = flow === null ? multiply(ones, e) : multiply(e, flow.sinc4);
  const u = multiply(multiply(E, multiply(contrast, k2)), divide(dS, absS));
  const columns = [E, ones, ...[1, 2, 3].map((table) => multiply(u, difference(table)))];
  if (flow !== null) {
    const w = multiply(multiply(e, multiply(contrast, scalar(4))), flow.slope);
    const v = multiply(multiply(w, flow.kappaCos), divide(flow.dG, flow.absG));
    columns.push(
      ...[5, 6, 7].map((table) => multiply(v, difference(table))),
      multiply(multiply(w, flow.kappaSin), flow.absG),
    );
  }
  columns.push(subtract(subtract(y, offset), multiply(contrast, E)));
  const points: Dimension = "points";
  const flat = columns.map((tensor) =>
    graph.node("Reshape", [multiply(tensor, ones), graph.indices([1, -1])], { shape: [1, points] }),
  );
  const J = graph.node("Concat", flat, { shape: [flat.length, points] }, { attributes: { axis: 0 } });
  const transposed = graph.node("Transpose", [J], { shape: [points, flat.length] }, { attributes: { perm: [1, 0] } });
  graph.output("products", graph.node("MatMul", [J, transposed], { shape: [flat.length, flat.length] }));
  return graph.encode();
}

type PassMath = ReturnType<typeof createMath>;

function createMath(graph: Graph) {
  const pair = (operator: string, a: Tensor, b: Tensor): Tensor =>
    graph.node(operator, [a, b], { shape: broadcastShapes(a.shape, b.shape) });
  return {
    pair,
    one: (operator: string, a: Tensor): Tensor => graph.node(operator, [a], { shape: a.shape }),
    add: (a: Tensor, b: Tensor): Tensor => pair("Add", a, b),
    subtract: (a: Tensor, b: Tensor): Tensor => pair("Sub", a, b),
    multiply: (a: Tensor, b: Tensor): Tensor => pair("Mul", a, b),
    divide: (a: Tensor, b: Tensor): Tensor => pair("Div", a, b),
    scalar: (value: number): Tensor => graph.constant([value], null),
    /** Entry `index` along the first axis, which goes. */
    pick: (a: Tensor, index: number, shape: readonly Dimension[]): Tensor =>
      graph.node(
        "Gather",
        [a, graph.constant([index], null, "int64")],
        { shape, type: "float64" },
        { attributes: { axis: 0 } },
      ),
    choose: (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
      graph.node("Where", [condition, a, b], { shape: broadcastShapes(a.shape, b.shape), type: "float64" }),
  };
}

/** sinc⁴Φ, sinc³Φ·(cosΦ − sincΦ)/Φ and what Φ is made of. */
function buildFlow(
  graph: Graph,
  { pick, one, multiply, subtract, divide, scalar, choose }: PassMath,
  difference: (table: number) => Tensor,
  absolute: (x: Tensor) => Tensor,
  angleCount: number,
) {
  const angles = graph.input("angles", [2, angleCount, 1, 1]);
  const kappaCos = pick(angles, 0, [angleCount, 1, 1]);
  const kappaSin = pick(angles, 1, [angleCount, 1, 1]);
  const dG = difference(4);
  const absG = absolute(dG);
  const x = multiply(kappaCos, absG);
  const small = graph.node("Less", [one("Abs", x), scalar(seriesBelow)], { shape: x.shape, type: "bool" });
  const safe = choose(small, scalar(1), x);
  const sinc = choose(small, subtract(scalar(1), divide(multiply(x, x), scalar(6))), divide(one("Sin", safe), safe));
  const slope = choose(small, divide(x, scalar(-3)), divide(subtract(one("Cos", safe), sinc), safe));
  const sinc3 = multiply(multiply(sinc, sinc), sinc);
  return { kappaCos, kappaSin, dG, absG, sinc4: multiply(sinc3, sinc), slope: multiply(sinc3, slope) };
}
