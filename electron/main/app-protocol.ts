import { protocol } from "electron";
import { readFile } from "node:fs/promises";
import { join, normalize, sep } from "node:path";

import { distPath } from "./app-folders.ts";
import { appScheme, isAppUrl } from "./app-url.ts";
import { contentTypeOf, pageHeaders } from "./page-headers.ts";

const headers = pageHeaders();

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
    return new Response(request.method === "HEAD" ? null : new Uint8Array(bytes), {
      headers: { ...headers, "Content-Type": contentTypeOf(file) },
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
  return new Response(null, { status, headers });
}
