import type { Graph } from "./graph.ts";
import { broadcastShapes, matMulShape, type Dimension, type Tensor } from "./tensor.ts";

/** How messages of edges are summed on atoms. */
export const aggregations = ["scatter-elements", "scatter-nd", "one-hot"] as const;
export type Aggregation = (typeof aggregations)[number];

/** What reverse mode needs to know of one operation. */
export interface TapeEntry {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Gradient of each input, made when asked for; null for an output without gradient. */
  readonly gradient: (outputs: readonly (Tensor | null)[]) => readonly (() => Tensor)[];
}

export interface GraphMathOptions {
  /** Where operations are noted for `differentiate`; null records nothing. */
  readonly tape?: TapeEntry[] | null;
  readonly aggregation?: Aggregation;
  /** One-hot matrices made so far, by size and index. */
  readonly oneHots?: Map<string, Tensor>;
}

/**
 * Operations on tensors of a graph, with shapes derived and, on a tape, their gradients. Gradients are written with
 * the same operations on a math without tape.
 */
export class GraphMath {
  readonly graph: Graph;
  readonly #tape: TapeEntry[] | null;
  readonly #aggregation: Aggregation;
  readonly #oneHots: Map<string, Tensor>;

  constructor(
    graph: Graph,
    { tape = null, aggregation = "scatter-elements", oneHots = new Map() }: GraphMathOptions = {},
  ) {
    this.#oneHots = oneHots;
    this.graph = graph;
    this.#tape = tape;
    this.#aggregation = aggregation;
  }

  /** The same without tape. */
  untaped(): GraphMath {
    return new GraphMath(this.graph, { aggregation: this.#aggregation, oneHots: this.#oneHots });
  }

  scalar(value: number): Tensor {
    return this.graph.constant([value], null);
  }

  add(a: Tensor, b: Tensor): Tensor {
    const sum = this.#elementwise("Add", a, b);
    return this.#note(sum, [a, b], (math, g) => [() => math.#narrow(g, a), () => math.#narrow(g, b)]);
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    const difference = this.#elementwise("Sub", a, b);
    return this.#note(difference, [a, b], (math, g) => [
      () => math.#narrow(g, a),
      () => math.#narrow(math.negate(g), b),
    ]);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    const product = this.#elementwise("Mul", a, b);
    return this.#note(product, [a, b], (math, g) => [
      () => math.#narrow(math.multiply(g, b), a),
      () => math.#narrow(math.multiply(g, a), b),
    ]);
  }

  divide(a: Tensor, b: Tensor): Tensor {
    const quotient = this.#elementwise("Div", a, b);
    return this.#note(quotient, [a, b], (math, g) => [
      () => math.#narrow(math.divide(g, b), a),
      () => math.#narrow(math.negate(math.divide(math.multiply(g, quotient), b)), b),
    ]);
  }

  negate(a: Tensor): Tensor {
    return this.#note(this.graph.node("Neg", [a], a), [a], (math, g) => [() => math.negate(g)]);
  }

  sqrt(a: Tensor): Tensor {
    const root = this.graph.node("Sqrt", [a], a);
    return this.#note(root, [a], (math, g) => [() => math.divide(math.multiply(g, math.scalar(0.5)), root)]);
  }

  exp(a: Tensor): Tensor {
    const power = this.graph.node("Exp", [a], a);
    return this.#note(power, [a], (math, g) => [() => math.multiply(g, power)]);
  }

  cos(a: Tensor): Tensor {
    const cosine = this.graph.node("Cos", [a], a);
    return this.#note(cosine, [a], (math, g) => [() => math.negate(math.multiply(g, math.sin(a)))]);
  }

  sin(a: Tensor): Tensor {
    const sine = this.graph.node("Sin", [a], a);
    return this.#note(sine, [a], (math, g) => [() => math.multiply(g, math.cos(a))]);
  }

  sigmoid(a: Tensor): Tensor {
    const sigma = this.graph.node("Sigmoid", [a], a);
    return this.#note(sigma, [a], (math, g) => [
      () => math.multiply(g, math.multiply(sigma, math.subtract(math.scalar(1), sigma))),
    ]);
  }

  /** x·σ(x) */
  silu(a: Tensor): Tensor {
    return this.multiply(a, this.sigmoid(a));
  }

  /** 1 where a < limit, else 0. Has no gradient. */
  below(a: Tensor, limit: number): Tensor {
    const less = this.graph.node("Less", [a, this.scalar(limit)], { shape: a.shape, type: "bool" });
    return this.graph.node(
      "Cast",
      [less],
      { shape: a.shape, type: a.type },
      {
        attributes: { to: this.graph.float === "float64" ? 11 : 1 },
      },
    );
  }

  matMul(a: Tensor, b: Tensor): Tensor {
    const product = this.graph.node("MatMul", [a, b], { shape: matMulShape(a.shape, b.shape) });
    return this.#note(product, [a, b], (math, g) => [
      () => math.#narrow(math.matMul(g, math.swapLast(b)), a),
      () => math.#narrow(math.matMul(math.swapLast(a), g), b),
    ]);
  }

  /** x·W + c for matrices; c may be a row or a matrix. Not taped. */
  gemm(x: Tensor, w: Tensor, c: Tensor): Tensor {
    return this.graph.node("Gemm", [x, w, c], { shape: matMulShape(x.shape, w.shape) });
  }

  /** Exchanges the last two axes. */
  swapLast(a: Tensor): Tensor {
    const rank = a.shape.length;
    return this.transpose(a, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
  }

  transpose(a: Tensor, order: readonly number[]): Tensor {
    const shape = order.map((axis) => a.shape[axis]);
    const turned = this.graph.node("Transpose", [a], { shape }, { attributes: { perm: order } });
    const back = order.map((_, axis) => order.indexOf(axis));
    return this.#note(turned, [a], (math, g) => [() => math.transpose(g, back)]);
  }

  /** Sum over `axes`, which are kept with size 1 or dropped. */
  sum(a: Tensor, axes: readonly number[], { keep = false }: { readonly keep?: boolean } = {}): Tensor {
    const shape = a.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const kept = keep ? shape : shape.filter((_, axis) => !axes.includes(axis));
    const total = this.graph.node(
      "ReduceSum",
      [a, this.graph.indices(axes)],
      { shape: kept },
      {
        attributes: { keepdims: keep ? 1 : 0 },
      },
    );
    return this.#note(total, [a], (math, g) => [() => math.expandLike(keep ? g : math.unsqueeze(g, axes), a)]);
  }

  /** Repeats a tensor to the shape of another. */
  expandLike(a: Tensor, like: Tensor): Tensor {
    return this.graph.node("Expand", [a, this.shapeOf(like)], { shape: like.shape });
  }

  zerosLike(a: Tensor): Tensor {
    // The value of ConstantOfShape is a float32 zero unless said otherwise; multiplying keeps the element type.
    return this.graph.float === "float32"
      ? this.graph.node("ConstantOfShape", [this.shapeOf(a)], { shape: a.shape, type: "float32" })
      : this.multiply(a, this.scalar(0));
  }

  shapeOf(a: Tensor): Tensor {
    return this.graph.node("Shape", [a], { shape: [a.shape.length], type: "int64" });
  }

  /** Target sizes: numbers, at most one −1 for the rest, 0 to copy the size at the same position. */
  reshape(a: Tensor, sizes: readonly number[], shape: readonly Dimension[]): Tensor {
    const reshaped = this.graph.node("Reshape", [a, this.graph.indices(sizes)], { shape });
    return this.#note(reshaped, [a], (math, g) => [() => math.#reshapeLike(g, a)]);
  }

  unsqueeze(a: Tensor, axes: readonly number[]): Tensor {
    const shape = [...a.shape];
    for (const axis of axes) shape.splice(axis, 0, 1);
    const widened = this.graph.node("Unsqueeze", [a, this.graph.indices(axes)], { shape });
    return this.#note(widened, [a], (math, g) => [() => math.#reshapeLike(g, a)]);
  }

  /** Splits the last axis into equal parts. */
  split(a: Tensor, count: number): Tensor[] {
    const width = a.shape.at(-1);
    if (typeof width !== "number") throw new Error("the last axis has no fixed size");
    const shape = [...a.shape.slice(0, -1), width / count];
    const axis = a.shape.length - 1;
    const sizes = this.graph.indices(Array.from({ length: count }, () => width / count));
    const parts = this.graph.nodes(
      "Split",
      [a, sizes],
      Array.from({ length: count }, () => ({ shape })),
      { attributes: { axis } },
    );
    this.#tape?.push({
      inputs: [a],
      outputs: parts,
      gradient: (gradients) => {
        const math = this.untaped();
        return [() => math.concat(gradients.map((g, i) => g ?? math.zerosLike(parts[i])))];
      },
    });
    return parts;
  }

  /** Joins along the last axis. Not taped. */
  concat(parts: readonly Tensor[]): Tensor {
    const width = parts.reduce((sum, { shape }) => sum + Number(shape.at(-1)), 0);
    const shape = [...parts[0].shape.slice(0, -1), width];
    return this.graph.node("Concat", parts, { shape }, { attributes: { axis: shape.length - 1 } });
  }

  /** Rows of `a` along `axis`. */
  gather(a: Tensor, index: Tensor, axis = 0): Tensor {
    const shape = [...a.shape.slice(0, axis), ...index.shape, ...a.shape.slice(axis + 1)];
    const rows = this.graph.node("Gather", [a, index], { shape }, { attributes: { axis } });
    return this.#note(rows, [a], (math, g) => {
      if (axis !== 0) throw new Error("gradients of Gather are written for axis 0");
      return [() => math.scatterAdd(math.zerosLike(a), index, g)];
    });
  }

  /** base with `updates[e]` added to row `index[e]`. */
  scatterAdd(base: Tensor, index: Tensor, updates: Tensor): Tensor {
    const summed = this.untaped().#scatter(base, index, updates);
    return this.#note(summed, [base, updates], (math, g) => [() => g, () => math.gather(g, index)]);
  }

  #scatter(base: Tensor, index: Tensor, updates: Tensor): Tensor {
    const trailing = updates.shape.slice(1);
    switch (this.#aggregation) {
      case "scatter-nd":
        return this.graph.node("ScatterND", [base, this.unsqueeze(index, [1]), updates], base, {
          attributes: { reduction: "add" },
        });
      case "scatter-elements": {
        const column =
          trailing.length === 0
            ? index
            : this.expandLike(
                this.unsqueeze(
                  index,
                  trailing.map((_, i) => i + 1),
                ),
                updates,
              );
        return this.graph.node("ScatterElements", [base, column, updates], base, {
          attributes: { axis: 0, reduction: "add" },
        });
      }
      case "one-hot": {
        const flat =
          trailing.length === 0 ? 1 : Number(trailing.reduce((size, next) => Number(size) * Number(next), 1));
        const rows = this.reshape(updates, [-1, flat], [updates.shape[0], flat]);
        const sums = this.graph.node("MatMul", [this.#oneHot(base, index), rows], { shape: [base.shape[0], flat] });
        return this.add(base, this.#reshapeLike(sums, base));
      }
    }
  }

  /** [rows of base, index]: 1 where the index names the row. */
  #oneHot(base: Tensor, index: Tensor): Tensor {
    const key = `${base.shape[0]}:${index.name}`;
    const known = this.#oneHots.get(key);
    if (known !== undefined) return known;
    const depth = this.graph.node("Shape", [base], { shape: [1], type: "int64" }, { attributes: { start: 0, end: 1 } });
    const values = this.graph.constant([0, 1], [2], "float32");
    const shape = [base.shape[0], index.shape[0]];
    const single = this.graph.node(
      "OneHot",
      [index, depth, values],
      { shape, type: "float32" },
      {
        attributes: { axis: 0 },
      },
    );
    // ONNX Runtime has no OneHot of float64.
    const oneHot =
      this.graph.float === "float32"
        ? single
        : this.graph.node("Cast", [single], { shape, type: this.graph.float }, { attributes: { to: 11 } });
    this.#oneHots.set(key, oneHot);
    return oneHot;
  }

  #reshapeLike(a: Tensor, like: Tensor): Tensor {
    const symbolic = like.shape.filter((size) => typeof size === "string").length;
    if (symbolic > 1) return this.graph.node("Reshape", [a, this.shapeOf(like)], { shape: like.shape });
    const sizes = like.shape.map((size) => (typeof size === "number" ? size : -1));
    return this.graph.node("Reshape", [a, this.graph.indices(sizes)], { shape: like.shape });
  }

  /** Sums a gradient over the axes that `like` was stretched along. */
  #narrow(g: Tensor, like: Tensor): Tensor {
    const extra = g.shape.length - like.shape.length;
    const axes = g.shape.flatMap((size, axis) => {
      const own = axis < extra ? 1 : like.shape[axis - extra];
      return own === 1 && size !== 1 ? [axis] : [];
    });
    const summed = axes.length === 0 ? g : this.sum(g, axes, { keep: true });
    return summed.shape.length === like.shape.length ? summed : this.#reshapeLike(summed, like);
  }

  #elementwise(operator: string, a: Tensor, b: Tensor): Tensor {
    return this.graph.node(operator, [a, b], { shape: broadcastShapes(a.shape, b.shape) });
  }

  #note(
    output: Tensor,
    inputs: readonly Tensor[],
    gradient: (math: GraphMath, g: Tensor) => readonly (() => Tensor)[],
  ): Tensor {
    this.#tape?.push({
      inputs,
      outputs: [output],
      gradient: ([g]) => (g === null ? [] : gradient(this.untaped(), g)),
    });
    return output;
  }
}
