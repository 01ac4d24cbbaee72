import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CliHost } from "../run-cli.ts";
import { UsageError } from "../usage-error.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome.exe"];

/** Prints a page to `target` with the browser of the machine: this command line has none of its own. */
export async function printPdf(html: string, target: string, { signal }: CliHost): Promise<void> {
  const browser = findBrowser();
  if (browser === null)
    throw new UsageError(
      "a PDF is printed by Chromium or Chrome, and none was found; write the .html and print it, export the PDF in the window, or name a browser in CHROMIUM_PATH",
    );
  const folder = await mkdtemp(join(tmpdir(), "deltaflame-"));
  try {
    const page = join(folder, "report.html");
    await writeFile(page, html);
    // Root has no user namespaces to build a sandbox from; the page is our own and may load nothing.
    const isRoot = process.getuid?.() === 0;
    await run(
      browser,
      [
        "--headless",
        "--disable-gpu",
        ...(isRoot ? ["--no-sandbox"] : []),
        `--user-data-dir=${join(folder, "profile")}`,
        "--no-pdf-header-footer",
        `--print-to-pdf=${target}`,
        pathToFileURL(page).href,
      ],
      signal,
    );
    if (!existsSync(target)) throw new Error(`${browser} wrote no PDF`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function findBrowser(): string | null {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && existsSync(named)) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return (
    [...places, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find((place) => existsSync(place)) ??
    null
  );
}

function run(command: string, words: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: "ignore", signal });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with exit code ${code ?? "none"}`)),
    );
  });
}
