import { constants } from "node:os";

/** Why the work ended early: the system told the process to stop. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  /** As a shell tells of a process that this signal ended. */
  readonly exitCode: number;

  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
    this.exitCode = 128 + constants.signals[signal];
  }
}
