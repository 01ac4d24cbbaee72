import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** The headers of `app://`, with the host's own socket allowed: the page runs under the same rules. */
export function pageHeaders(host: string): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval' 'sha256-IdMN7N/O7+a2emyqoxPwr5GSB5D2WdHlscjZ7k+gjs8='",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      `connect-src 'self' blob: ws://${host}`,
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
}

/** Answers one request with a file below `folder`, or 404. */
export async function serveRenderer(
  folder: string,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = pageHeaders(host);
  const refuse = (status: number): void => void response.writeHead(status, headers).end();
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
  const file = findFile(folder, request.url ?? "/");
  const bytes = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || bytes === null) return refuse(404);
  const type = contentTypes[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { ...headers, "Content-Type": type }).end(request.method === "HEAD" ? undefined : bytes);
}

function findFile(folder: string, address: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, "http://host").pathname);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  const root = normalize(folder).replace(/[/\\]+$/, "");
  const file = normalize(join(root, path === "/" ? "index.html" : path));
  return file.startsWith(root + sep) ? file : null;
}
