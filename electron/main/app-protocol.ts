import { protocol } from "electron";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

import { distPath } from "./app-folders.ts";
import { appScheme, isAppUrl } from "./app-url.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** The page loads its own files only, and is cross-origin isolated; the hash is that of the script of a report. */
const pageHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval' 'sha256-IdMN7N/O7+a2emyqoxPwr5GSB5D2WdHlscjZ7k+gjs8='",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self' blob:",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves the built window and nothing else. */
export function serveAppScheme(): void {
  const rendererFolder = distPath("renderer");
  protocol.handle(appScheme, async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
    const file = findFile(request.url, rendererFolder);
    if (file === null) return refuse(404);
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return refuse(404);
    const type = contentTypes[extname(file)] ?? "application/octet-stream";
    return new Response(request.method === "HEAD" ? null : new Uint8Array(bytes), {
      headers: { ...pageHeaders, "Content-Type": type },
    });
  });
}

/** The file behind an address, or null when it is not below the window's folder. */
function findFile(address: string, rendererFolder: string): string | null {
  if (!isAppUrl(address)) return null;
  let path;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  const file = normalize(join(rendererFolder, path === "/" ? "index.html" : path));
  return file.startsWith(rendererFolder + sep) ? file : null;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: pageHeaders });
}
