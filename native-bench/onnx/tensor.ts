/** A fixed size, or the name of one that is known when the graph runs: "atoms". */
export type Dimension = number | string;

/** Numbers of the data types: TensorProto.DataType of ONNX 1.16. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof elementTypes;

/** A value of a graph under construction. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** Shape of an element-wise operation: dimensions are equal or one of them is 1. Throws where they are not. */
export function broadcastShapes(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === 1 || left === right) return right;
    if (right === 1) return left;
    throw new Error(`shapes [${a.join(", ")}] and [${b.join(", ")}] do not fit`);
  });
}

/** Shape of MatMul: leading dimensions broadcast. */
export function matMulShape(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const inner = a.at(-1);
  if (inner !== b.at(-2)) throw new Error(`[${a.join(", ")}] · [${b.join(", ")}] do not fit`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? 1, b.at(-1) ?? 1];
}
