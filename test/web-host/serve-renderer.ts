import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, normalize, sep } from "node:path";
import { contentTypeOf, pageHeaders } from "../../electron/main/page-headers.ts";

/** The headers of `app://`, with the host's own socket allowed: the page runs under the same rules. */
export const hostHeaders = (host: string): Readonly<Record<string, string>> => pageHeaders(`ws://${host}`);

/** Answers one request with a file below `folder`, or 404. */
export async function serveRenderer(
  folder: string,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = hostHeaders(host);
  const refuse = (status: number): void => void response.writeHead(status, headers).end();
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
  const file = findFile(folder, request.url ?? "/");
  const bytes = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || bytes === null) return refuse(404);
  response
    .writeHead(200, { ...headers, "Content-Type": contentTypeOf(file) })
    .end(request.method === "HEAD" ? undefined : bytes);
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
