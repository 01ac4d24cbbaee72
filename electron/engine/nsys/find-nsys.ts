import { execFile } from "node:child_process";

const answerMs = 10_000;

/** Version of the nsys that the user has on the search path; null when there is none that answers. */
export function findNsys(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile("nsys", ["--version"], { timeout: answerMs, windowsHide: true }, (error, stdout) => {
      const version = /\d+(?:\.\d+)+(?:-\w+)?/.exec(stdout)?.[0] ?? null;
      resolve(error === null ? version : null);
    });
  });
}
