import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const debianPackages = "libgtk-3-0 libnss3 libasound2 libgbm1 libcups2 libatk-bridge2.0-0 libxkbcommon0 libdrm2";
const ubuntuPackages =
  "libgtk-3-0t64 libnss3 libasound2t64 libgbm1 libcups2t64 libatk-bridge2.0-0t64 libxkbcommon0 libdrm2";
const probeLimitMs = 60_000;

/**
 * Starts a runtime as plain Node, which needs every shared library but no display.
 * @param {string} executable
 * @returns {string | null} what is missing and how to install it, or null when the runtime starts
 */
export function findRuntimeProblem(executable) {
  const probe = spawnSync(executable, ["-p", "process.versions.electron"], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    encoding: "utf8",
    timeout: probeLimitMs,
  });
  if (probe.status === 0) return null;
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(probe.stderr ?? "");
  if (library !== null) return `Electron needs the system library ${library[1]}: ${libraryInstallLine()}`;
  const detail = (probe.stderr ?? "").trim().split("\n").at(-1) ?? "";
  return `${executable} does not start (${probe.error?.message ?? `exit code ${probe.status}`})${detail === "" ? "" : `: ${detail}`}`;
}

/** The command that installs what Electron needs, in the words of this distribution. */
export function libraryInstallLine() {
  return `sudo apt-get install -y ${isNewUbuntu() ? ubuntuPackages : debianPackages}`;
}

/** Ubuntu renamed libraries in 24.04 (64-bit time). */
function isNewUbuntu() {
  let release;
  try {
    release = readFileSync("/etc/os-release", "utf8");
  } catch {
    return false;
  }
  const version = /^VERSION_ID="?(\d+)/m.exec(release);
  return /^ID=ubuntu$/m.test(release) && version !== null && Number(version[1]) >= 24;
}
