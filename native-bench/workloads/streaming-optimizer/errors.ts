/** The numbers leave no way to go on: says the phase, and the place where it is known. */
export class NumericalError extends Error {
  override readonly name = "NumericalError";
}
