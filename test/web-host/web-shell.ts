import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { formatLink, parseLink } from "../../electron/contract/view-link.ts";
import type {
  FileGrant,
  RecentFile,
  SampleFile,
  Settings,
  ShellCommandName,
  ShellCommands,
} from "../../electron/contract/window-contract.ts";

type ShellHandlers = {
  readonly [N in ShellCommandName]: (request: ShellCommands[N]["request"]) => Promise<ShellCommands[N]["reply"]>;
};

export interface WebShellOptions {
  /** Handed to the window when it asks what was given on the command line. */
  readonly files: readonly string[];
  /** What the open dialog returns, one entry a call; an empty list is "cancelled", as is every call after the last. */
  readonly choices: readonly (readonly string[])[];
  /** Folder with `samples.json`; null: no samples. */
  readonly samplesDir: string | null;
  readonly settings: Settings;
  readonly onGrant: (grant: { readonly token: string; readonly path: string; readonly name: string }) => void;
  readonly restartEngine: () => void;
  /** Where exported files go; null or absent: the save dialog is cancelled. */
  readonly targetFolder?: string | null;
  readonly onTarget: (target: { readonly token: string; readonly path: string; readonly name: string }) => void;
}

/** What the window made the shell do, for tests to look at. */
export interface ShellRecord {
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly clipboard: string[];
  settings: Settings;
}

export interface WebShell {
  readonly handlers: ShellHandlers;
  readonly record: ShellRecord;
  readonly choices: (readonly string[])[];
  grant(path: string): FileGrant;
  /** Writes dropped bytes to a temporary folder and grants them. */
  grantBytes(name: string, bytes: Uint8Array): Promise<FileGrant>;
}

/** The shell of a window in a browser: dialogs are answered from a list, nothing outlives the host. */
export function createWebShell(options: WebShellOptions): WebShell {
  const { samplesDir } = options;
  const record: ShellRecord = { saved: [], clipboard: [], settings: options.settings };
  const choices = [...options.choices];
  const paths = new Map<string, string>();
  const recent: RecentFile[] = [];
  let pending = [...options.files];

  const grant = (path: string): FileGrant => {
    const token = randomUUID();
    const name = basename(path);
    const bytes = statSync(path).size;
    paths.set(token, path);
    options.onGrant({ token, path, name });
    return { token, name, bytes };
  };

  const handlers: ShellHandlers = {
    "shell.facts": async () => ({
      version: readVersion(),
      platform: "web",
      electron: null,
      chromium: "browser",
      evaluationRuntime: false,
    }),
    "file.choose": async () => (choices.shift() ?? []).map(grant),
    "file.chooseFolder": async () => [],
    "file.showKept": async () => null,
    "file.recent": async () => recent,
    "file.openRecent": async ({ id }) => {
      if (!recent.some((file) => file.id === id)) throw new Error("this file is not in the list any more");
      return grant(id);
    },
    "file.forgetRecent": async ({ id }) => {
      if (id === null) recent.length = 0;
      else recent.splice(0, recent.length, ...recent.filter((file) => file.id !== id));
      return null;
    },
    "file.databaseBeside": async ({ token }) => {
      const path = paths.get(token)?.replace(/\.(?:nsys-rep|qdrep)$/i, ".sqlite");
      return path !== undefined && existsSync(path) ? grant(path) : null;
    },
    "file.opened": async ({ token, formatLabel }) => {
      const path = paths.get(token);
      if (path === undefined) throw new Error("this file was not granted");
      const others = recent.filter((file) => file.id !== path);
      const entry = {
        id: path,
        name: basename(path),
        folder: dirname(path),
        bytes: statSync(path).size,
        formatLabel,
        openedAt: Date.now(),
        exists: true,
      };
      recent.splice(0, recent.length, entry, ...others);
      return null;
    },
    "file.samples": async () => (await readSamples(samplesDir)).map(({ path: _path, ...sample }) => sample),
    "file.openSample": async ({ id }) => {
      const sample = (await readSamples(samplesDir)).find((entry) => entry.id === id);
      if (sample === undefined) throw new Error(`there is no sample "${id}"`);
      return grant(sample.path);
    },
    "file.pending": async () => {
      const given = pending;
      pending = [];
      return { files: given.map(grant), links: [] };
    },
    "link.copy": async ({ token, place }) => {
      const path = paths.get(token);
      if (path === undefined) throw new Error("this file was not granted");
      record.clipboard.push(formatLink({ source: { kind: "file", path }, ...place }));
      return null;
    },
    // Only files that were opened here before: a browser has no dialog to ask with.
    "link.open": async ({ text }) => {
      const { source } = parseLink(text);
      const isKnown = source.kind === "file" && [...paths.values()].includes(source.path);
      return isKnown ? grant(source.path) : null;
    },
    "file.save": async ({ suggestedName, bytes }) => {
      record.saved.push({ name: basename(suggestedName), bytes });
      return basename(suggestedName);
    },
    "file.chooseTarget": async ({ suggestedName }) => {
      const folder = options.targetFolder ?? null;
      if (folder === null) return null;
      const target = {
        token: randomUUID(),
        path: join(folder, basename(suggestedName)),
        name: basename(suggestedName),
      };
      options.onTarget(target);
      return { token: target.token, name: target.name };
    },
    "file.savePdf": async () => {
      throw new Error("a browser prints by itself: save the HTML and print it");
    },
    "settings.read": async () => record.settings,
    "settings.write": async ({ settings }) => {
      record.settings = settings;
      return null;
    },
    "clipboard.write": async ({ text }) => {
      record.clipboard.push(text);
      return null;
    },
    "engine.restart": async () => {
      options.restartEngine();
      return null;
    },
  };

  return {
    handlers,
    record,
    choices,
    grant,
    async grantBytes(name, bytes) {
      const folder = await mkdtemp(join(tmpdir(), "deltaflame-drop-"));
      const path = join(folder, basename(name));
      await writeFile(path, bytes, { mode: 0o600 });
      return grant(path);
    },
  };
}

interface SampleOnDisk extends SampleFile {
  readonly path: string;
}

async function readSamples(folder: string | null): Promise<readonly SampleOnDisk[]> {
  if (folder === null) return [];
  const text = await readFile(join(folder, "samples.json"), "utf8");
  const list = JSON.parse(text) as readonly {
    readonly id: string;
    readonly file: string;
    readonly name: string;
    readonly description: string;
    readonly pair?: string;
  }[];
  return list.map(({ id, file, name, description, pair = null }) => {
    const path = join(folder, file);
    return { id, name, description, bytes: statSync(path).size, pair, path };
  });
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
