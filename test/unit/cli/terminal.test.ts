import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createProcessTerminal, OutputClosedError, type Terminal } from "../../../electron/cli/terminal.ts";

interface FakeStream extends EventEmitter {
  readonly written: string[];
  isTTY: boolean;
  columns?: number;
  isFull: boolean;
  write(text: string): boolean;
}

function createStream(isTTY: boolean): FakeStream {
  const written: string[] = [];
  const stream = Object.assign(new EventEmitter(), {
    written,
    isTTY,
    isFull: false,
    write: (text: string) => (written.push(text), !stream.isFull),
  }) as FakeStream;
  return stream;
}

function createTerminal(
  isTTY: boolean,
  env: Record<string, string> = {},
): { readonly terminal: Terminal; readonly stdout: FakeStream; readonly stderr: FakeStream } {
  const stdout = createStream(isTTY);
  const stderr = createStream(isTTY);
  const terminal = createProcessTerminal({ stdout, stderr, env } as unknown as Parameters<
    typeof createProcessTerminal
  >[0]);
  return { terminal, stdout, stderr };
}

const closedPipe = (): Error => Object.assign(new Error("write EPIPE"), { code: "EPIPE" });

describe("the terminal", () => {
  it("shows progress to people and removes it before an error", () => {
    const { terminal, stderr } = createTerminal(true);
    terminal.showProgress("Reading 10 %");
    terminal.writeError("no such file");
    expect(stderr.written).toEqual(["\r\x1b[2KReading 10 %", "\r\x1b[2K", "no such file\n"]);
    const piped = createTerminal(false);
    piped.terminal.showProgress("Reading 10 %");
    expect(piped.stderr.written).toEqual([]);
  });

  it("colors a screen unless it is told not to", () => {
    expect(createTerminal(true).terminal.color).toBe(true);
    expect(createTerminal(true, { NO_COLOR: "1" }).terminal.color).toBe(false);
    expect(createTerminal(true, { TERM: "dumb" }).terminal.color).toBe(false);
    expect(createTerminal(false).terminal).toMatchObject({ color: false, columns: null });
  });

  it("lets signals in between two writes that never wait", async () => {
    const { terminal } = createTerminal(false);
    let isHeard = false;
    setImmediate(() => (isHeard = true));
    await terminal.write("text");
    expect(isHeard).toBe(true);
  });

  it("waits for a slow reader", async () => {
    const { terminal, stdout } = createTerminal(false);
    stdout.isFull = true;
    let isDone = false;
    const write = terminal.write("text").then(() => (isDone = true));
    await Promise.resolve();
    expect(isDone).toBe(false);
    stdout.emit("drain");
    await write;
    expect(stdout.written).toEqual(["text"]);
  });

  it("tells the writer when the reader goes away, waiting or not", async () => {
    const { terminal, stdout } = createTerminal(false);
    stdout.isFull = true;
    const write = terminal.stream("text");
    stdout.emit("error", closedPipe());
    await expect(write).rejects.toBeInstanceOf(OutputClosedError);
    await expect(terminal.stream("more")).rejects.toBeInstanceOf(OutputClosedError);
    expect(stdout.written).toEqual(["text"]);
  });

  it("ends printing alone when the reader goes away from a command that does more than that", async () => {
    const { terminal, stdout, stderr } = createTerminal(false);
    stdout.isFull = true;
    const write = terminal.write("text");
    stdout.emit("error", closedPipe());
    await write;
    await terminal.write("more");
    expect(stdout.written).toEqual(["text"]);
    expect(() => stderr.emit("error", closedPipe())).not.toThrow();
    expect(() => stderr.emit("error", Object.assign(new Error("write EIO"), { code: "EIO" }))).toThrow("EIO");
  });
});
