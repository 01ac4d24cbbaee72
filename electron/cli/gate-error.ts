/** A comparison or a check came to its end and did not pass: said already, only the exit code is left. */
export class GateError extends Error {
  override readonly name = "GateError";
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`the gate answered ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** What a build can rely on after `deltaflame compare`; here a fault of any kind is 3. */
export const gateCodes = { passed: 0, regressed: 1, undecided: 2, error: 3 } as const;
