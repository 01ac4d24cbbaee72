import { spawn } from "node:child_process";

/** An X display for windows. `problem` says why there is none. */
export interface Display {
  readonly name: string;
  readonly problem: string | null;
  close(): void;
}

const startLimitMs = 20_000;

/** The display of this session, or an own Xvfb; systems without X need none. */
export async function openDisplay(): Promise<Display> {
  const name = process.env["DISPLAY"] ?? "";
  const needsDisplay = process.platform === "linux" && name === "";
  return needsDisplay ? startXvfb() : { name, problem: null, close: () => undefined };
}

/**
 * Xvfb chooses its number itself and writes it to descriptor 3: no fixed number, no race with other runs.
 * Without -noreset it starts over when its last client leaves, and the next window may find it gone for a moment.
 */
function startXvfb(): Promise<Display> {
  return new Promise((resolve) => {
    const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const fail = (problem: string): void => {
      clearTimeout(timer);
      child.kill();
      resolve({ name: "", problem, close: () => undefined });
    };
    const timer = setTimeout(() => fail(`Xvfb did not start within ${startLimitMs / 1000} s`), startLimitMs);
    child.on("error", () => fail("no display and no Xvfb: apt-get install xvfb"));
    child.on("exit", (code) => fail(`Xvfb ended with ${code}`));
    let text = "";
    child.stdio[3]?.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve({ name: `:${text.trim()}`, problem: null, close: () => child.kill() });
    });
  });
}
