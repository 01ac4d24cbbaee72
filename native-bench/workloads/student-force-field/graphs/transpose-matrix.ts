/** Rows become columns; `values` is row-major. */
export function transposeMatrix<A extends Float32Array | Float64Array>(values: A, rows: number, columns: number): A {
  const turned = values.slice() as A;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column];
  }
  return turned;
}
